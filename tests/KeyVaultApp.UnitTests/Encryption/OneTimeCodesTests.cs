using KeyVaultApp.Encryption;

namespace KeyVaultApp.UnitTests.Encryption;

public sealed class OneTimeCodesTests
{
    /// <summary>"12345678901234567890", the key of the vectors in RFC 6238, appendix B.</summary>
    private const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private const int StepSeconds = 30;

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_OfTheStandard_AreTakenInTheirStepAndTheOnesBeside(long seconds, string code)
    {
        foreach (var away in new[] { -1, 0, 1 })
            Assert.Equal(seconds / StepSeconds, OneTimeCodes.StepOf(Secret, code, At(seconds + (away * StepSeconds))));
        // Not before 1970: there is no time step.
        foreach (var away in new[] { -2, 2 }.Where(away => seconds + (away * StepSeconds) >= 0))
            Assert.Null(OneTimeCodes.StepOf(Secret, code, At(seconds + (away * StepSeconds))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("287")]
    [InlineData("0287082")]
    [InlineData("94287082")]
    [InlineData("abcdef")]
    public void Codes_OfAnotherLength_AreNotTaken(string code) => Assert.Null(OneTimeCodes.StepOf(Secret, code, At(59)));

    [Fact]
    public void Secrets_AreLongAndNeverTheSame()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => OneTimeCodes.NewSecret()).ToList();
        Assert.All(secrets, secret => Assert.Matches("^[A-Z2-7]{32}$", secret));
        Assert.Equal(100, secrets.Distinct().Count());
    }

    [Fact]
    public void RecoveryCodes_HashTheSameHoweverTheyAreTyped()
    {
        var codes = OneTimeCodes.NewRecoveryCodes();
        Assert.Equal(10, codes.Distinct().Count());
        foreach (var code in codes)
        {
            Assert.Matches("^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$", code);
            Assert.Equal(OneTimeCodes.HashOfRecoveryCode(code), OneTimeCodes.HashOfRecoveryCode($" {code.Replace('-', ' ').ToLowerInvariant()} "));
        }

        Assert.Equal(10, codes.Select(OneTimeCodes.HashOfRecoveryCode).Distinct().Count());
        foreach (var wrong in new[] { "", "ABCD", "ABCD-EFGH-IJKL-MNO", "123456" }) Assert.Null(OneTimeCodes.HashOfRecoveryCode(wrong));
    }

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
