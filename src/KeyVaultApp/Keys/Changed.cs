namespace KeyVaultApp.Keys;

/// <summary>How many keys are different now; those that were so already are not among them.</summary>
public sealed record Changed([property: System.Text.Json.Serialization.JsonPropertyName("changed")] int Keys);
