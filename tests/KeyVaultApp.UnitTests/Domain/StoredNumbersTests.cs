using KeyVaultApp.Domain;

namespace KeyVaultApp.UnitTests.Domain;

public sealed class StoredNumbersTests
{
    /// <summary>These numbers stand in customers' databases. A line may be added; none may change.</summary>
    private const string Snapshot =
        """
        ActorKind: User=1 Token=2 CommandLine=3 System=4
        DataKeyPurpose: Values=1 Fingerprints=2
        DataKeyState: Active=1 DecryptOnly=2
        HygieneFindings: None=0 SurroundingBlanks=1 SchemePrefix=2 Quotes=4 Placeholder=8 OtherKind=16 UnknownId=32 TooShort=64 TooLong=128 ControlCharacters=256 NamesKey=512
        KeyKind: Tts=1 Stt=2 Elevenlabs=3
        KeySource: Reference=0 Legacy=1 LegacyReference=2
        KeyStatus: Active=1 Disabled=2
        LegacyColumns: Present=1 Closing=2 Absent=3
        PlanAction: Link=1 Create=2 Leave=3
        PlanBucket: Link=1 AssignAndLink=2 Create=3 NeedsDecision=4 NothingToDo=5
        PlanProblem: Hygiene=1 UnknownId=2 Disabled=3 Expired=4 SeveralKeys=5 WrongKind=6 Deleted=7 NotAssigned=8 ReferencesOnly=9
        Role: Admin=1 Ops=2 User=3 Resolver=4
        RolloutPhase: DirectKeys=1 ReferencesWithFallback=2 ReferencesOnly=3
        RunRequest: None=0 Pause=1 Stop=2
        RunState: Pending=1 Running=2 Paused=3 Stopped=4 Completed=5 Failed=6
        RunStep: Keys=1 Agents=2 Check=3
        SlotOutcome: Linked=1 LegacyChanged=2 AlreadyReferenced=3 AgentGone=4 KeyUnavailable=5 ReferencesOnly=6 Restored=11 EditedSince=12 AnswerWouldChange=13
        TestOutcome: Untested=0 Valid=1 Rejected=2 Inconclusive=3
        UnavailableReason: Deleted=0 WrongKind=1 Disabled=2 Expired=3 NotAssigned=4 Unreadable=5
        """;

    [Fact]
    public void Numbers_of_enums_never_move()
    {
        var enums = typeof(KeyKind).Assembly.GetTypes()
            .Where(type => type.IsEnum && type.Namespace == typeof(KeyKind).Namespace)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => $"{type.Name}: {string.Join(' ', Enum.GetNames(type).Select(name => $"{name}={(int)Enum.Parse(type, name)}"))}");

        Assert.Equal(Snapshot.Split('\n'), enums);
    }
}
