using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeyVaultApp.Web;

/// <summary>A member of a PATCH body: absent leaves the field unchanged, null clears it.</summary>
[JsonConverter(typeof(OptionalConverter))]
public readonly record struct Optional<T>(T? Value)
{
    public bool IsGiven { get; } = true;
}

internal sealed class OptionalConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(Converter(options).Read(ref reader, typeof(T), options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);

        /// <summary>Its reader, not a reading of its own: an error then names the member that it stands in.</summary>
        private static JsonConverter<T?> Converter(JsonSerializerOptions options) => (JsonConverter<T?>)options.GetConverter(typeof(T));
    }
}
