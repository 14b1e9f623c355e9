using Mono.Cecil;
using Mono.Cecil.Cil;

namespace KeyVaultApp.ArchitectureTests;

/// <summary>A type that the house reads: where it stands, what it is called there and whom it uses.</summary>
/// <param name="Folder">The folder it stands in; <see cref="House.Composition"/> at the root, null outside the house.</param>
/// <param name="Name">Its name below the root: <c>Keys.CreateKey/Form</c>.</param>
/// <param name="Owner">The outermost type, to which nested and compiler-generated ones belong.</param>
public sealed record Part(string? Folder, string Name, string Owner, bool IsGenerated, IReadOnlyList<Use> Uses);

/// <summary>One type, or one of its members, as it is named in a signature, a body, an attribute or a generic argument.</summary>
/// <param name="Folder">The folder of the house it stands in, null for what is not ours.</param>
/// <param name="Type">The outermost type: by its name below the root when ours, else by its full name.</param>
/// <param name="Member">The method that is called, taken as a delegate or named in an expression tree.</param>
public sealed record Use(string? Folder, string Type, string Assembly, string? Member = null);

/// <summary>All types of one assembly under one root namespace, read from the compiled file: nothing can hide from it but constants.</summary>
public sealed class Code
{
    private const string Product = "KeyVaultApp";

    private readonly string _root;
    private readonly Dictionary<string, string> _views;

    private Code(string file, string root)
    {
        _root = root;
        using var assembly = AssemblyDefinition.ReadAssembly(file);
        Assembly = assembly.Name.Name;
        _views = Views(assembly);
        Parts = [.. assembly.MainModule.GetTypes().Select(Read)];
    }

    public static Code App { get; } = new(typeof(Domain.Secret).Assembly.Location, Product);

    /// <summary>A house of violations in this assembly, one for each rule and each way around it.</summary>
    public static Code Planted { get; } = new(typeof(Code).Assembly.Location, typeof(Code).Namespace + ".Planted");

    public string Assembly { get; }

    public IReadOnlyList<Part> Parts { get; }

    /// <summary>What stands in the house; what stands outside breaks a rule of its own.</summary>
    public IEnumerable<Part> Inside => Parts.Where(part => part.Folder is not null);

    /// <summary>A view belongs to the folder of its .cshtml file, which the compiler notes beside the class it makes of it.</summary>
    private static Dictionary<string, string> Views(AssemblyDefinition assembly) => assembly.CustomAttributes
        .Where(attribute => attribute.AttributeType.Name == "RazorCompiledItemAttribute")
        .ToDictionary(
            attribute => ((TypeReference)attribute.ConstructorArguments[0].Value).FullName,
            attribute => ((string)attribute.ConstructorArguments[2].Value).TrimStart('/'));

    private Part Read(TypeDefinition type)
    {
        var owner = Outermost(type);
        var (folder, name) = _views.TryGetValue(owner.FullName, out var view)
            ? (view.Contains('/') ? view[..view.IndexOf('/')] : House.Composition, view)
            : owner.FullName == "Program" ? (House.Composition, "Program")
            : Place(owner, _root) is { } place ? place
            : (null, owner.FullName);
        return new Part(folder, name + type.FullName[owner.FullName.Length..], name, IsGenerated(type), [.. Uses(type).Distinct()]);
    }

    private (string Folder, string Name)? Place(TypeReference type, string root)
    {
        if (!type.Namespace.StartsWith(root, StringComparison.Ordinal)) return null;
        var below = type.Namespace[root.Length..];
        if (below.Length == 0) return (House.Composition, type.Name);
        return below[0] == '.' ? (below[1..].Split('.')[0], type.FullName[(root.Length + 1)..]) : null;
    }

    private Use ToUse(TypeReference reference, string? member = null)
    {
        var type = Outermost(reference);
        var assembly = type.Scope is AssemblyNameReference other ? other.Name : Assembly;
        var place = assembly == Assembly ? Place(type, _root) : null;
        if (place is null && assembly == Product) place = Place(type, Product);
        return place is { } ours ? new Use(ours.Folder, ours.Name, assembly, member) : new Use(null, type.FullName, assembly, member);
    }

    private IEnumerable<Use> Uses(TypeDefinition type) => (
        from part in Enumerable.Empty<TypeReference?>()
            .Append(type.BaseType)
            .Concat(type.Interfaces.Select(i => i.InterfaceType))
            .Concat(type.GenericParameters.SelectMany(OfParameter))
            .Concat(type.Interfaces.SelectMany(OfAttributes))
            .Concat(OfAttributes(type))
            .Concat(type.Fields.SelectMany(field => OfAttributes(field).Prepend(field.FieldType)))
            .Concat(type.Properties.SelectMany(property => OfAttributes(property).Prepend(property.PropertyType)))
            .Concat(type.Events.SelectMany(e => OfAttributes(e).Prepend(e.EventType)))
            .Concat(type.Methods.SelectMany(OfSignature))
        from simple in Simple(part)
        select ToUse(simple)).Concat(type.Methods.Where(method => method.HasBody).SelectMany(method => OfBody(method.Body)));

    private static IEnumerable<TypeReference> OfSignature(MethodDefinition method) => OfAttributes(method)
        .Append(method.ReturnType)
        .Concat(OfAttributes(method.MethodReturnType))
        .Concat(method.GenericParameters.SelectMany(OfParameter))
        .Concat(method.Parameters.SelectMany(parameter => OfAttributes(parameter).Prepend(parameter.ParameterType)));

    private static IEnumerable<TypeReference> OfParameter(GenericParameter parameter) =>
        OfAttributes(parameter).Concat(parameter.Constraints.SelectMany(constraint => OfAttributes(constraint).Prepend(constraint.ConstraintType)));

    private static IEnumerable<TypeReference> OfAttributes(ICustomAttributeProvider provider) => provider.CustomAttributes.SelectMany(attribute =>
        attribute.ConstructorArguments
            .Concat(attribute.Properties.Select(property => property.Argument))
            .Concat(attribute.Fields.Select(field => field.Argument))
            .SelectMany(OfArgument)
            .Prepend(attribute.AttributeType));

    private static IEnumerable<TypeReference> OfArgument(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => [argument.Type, type],
        CustomAttributeArgument boxed => OfArgument(boxed),
        CustomAttributeArgument[] many => many.SelectMany(OfArgument).Prepend(argument.Type),
        _ => [argument.Type],
    };

    private IEnumerable<Use> OfBody(MethodBody body)
    {
        var types = body.Variables.Select(variable => variable.VariableType)
            .Concat(body.ExceptionHandlers.Select(handler => handler.CatchType));
        return types.SelectMany(Simple).Select(type => ToUse(type)).Concat(body.Instructions.SelectMany(OfOperand));
    }

    private IEnumerable<Use> OfOperand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => Simple(type).Select(part => ToUse(part)),
        MethodReference method => OfCall(method),
        FieldReference field => Simple(field.DeclaringType).Concat(Simple(field.FieldType)).Select(part => ToUse(part)),
        CallSite site => site.Parameters.Select(p => p.ParameterType).Append(site.ReturnType).SelectMany(Simple).Select(part => ToUse(part)),
        _ => [],
    };

    private IEnumerable<Use> OfCall(MethodReference method)
    {
        var arguments = method is GenericInstanceMethod generic ? generic.GenericArguments.SelectMany(Simple) : [];
        return method.Parameters.Select(parameter => parameter.ParameterType)
            .Append(method.ReturnType).Append(method.DeclaringType).SelectMany(Simple).Concat(arguments)
            .Select(part => ToUse(part))
            .Append(ToUse(method.DeclaringType.GetElementType(), method.Name));
    }

    /// <summary>A type apart from arrays, pointers and generic arguments, each of which comes on its own.</summary>
    private static IEnumerable<TypeReference> Simple(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Simple).Concat(Simple(generic.ElementType)),
        FunctionPointerType pointer => pointer.Parameters.Select(p => p.ParameterType).Append(pointer.ReturnType).SelectMany(Simple),
        IModifierType modified => Simple(modified.ElementType).Concat(Simple(modified.ModifierType)),
        TypeSpecification wrapped => Simple(wrapped.ElementType),
        _ => [type],
    };

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type.GetElementType();

    /// <summary>What the compiler or a source generator wrote: its names cannot be written by hand, or it says so.</summary>
    private static bool IsGenerated(TypeDefinition type) =>
        type.Name.StartsWith('<')
        || type.CustomAttributes.Any(a => a.AttributeType.Name is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute" or "EmbeddedAttribute")
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
