namespace KeyVaultApp.Activity;

/// <summary>What is written to the activity log, as the word that is stored and filtered by. Words are never reused or renamed.</summary>
public static class Actions
{
    public const string WorkspaceCreated = "workspace_created";
    public const string WorkspaceRenamed = "workspace_renamed";
    public const string WorkspaceDeleted = "workspace_deleted";

    public const string KeyCreated = "key_created";
    public const string KeyChanged = "key_changed";
    public const string KeyReplaced = "key_replaced";
    public const string KeyDisabled = "key_disabled";
    public const string KeyEnabled = "key_enabled";
    public const string KeyDeleted = "key_deleted";
    public const string KeyAssigned = "key_assigned";
    public const string KeyTested = "key_tested";
    public const string AgentsReassigned = "agents_reassigned";

    public const string AgentCreated = "agent_created";
    public const string AgentChanged = "agent_changed";
    public const string AgentDeleted = "agent_deleted";
    public const string AgentChecked = "agent_checked";
    public const string AgentsImported = "agents_imported";
    public const string AgentsLinked = "agents_linked";

    public const string KeyAuditExported = "key_audit_exported";
    public const string KeyAuditImported = "key_audit_imported";

    public const string PhaseSet = "phase_set";
    public const string PlanMade = "plan_made";
    public const string PlanDecided = "plan_decided";
    public const string RunStarted = "run_started";
    public const string RunPaused = "run_paused";
    public const string RunResumed = "run_resumed";
    public const string RunStopped = "run_stopped";
    public const string RunCompleted = "run_completed";
    public const string RunFailed = "run_failed";
    public const string RollbackStarted = "rollback_started";
    public const string OldColumnsBackfilled = "old_columns_backfilled";
    public const string BackfillUndone = "backfill_undone";

    public const string UserAdded = "user_added";
    public const string UserChanged = "user_changed";
    public const string UserDisabled = "user_disabled";
    public const string UserEnabled = "user_enabled";
    public const string PasswordReset = "password_reset";
    public const string PasswordChanged = "password_changed";
    public const string SecondFactorOn = "second_factor_on";
    public const string SecondFactorOff = "second_factor_off";
    public const string RecoveryCodesRenewed = "recovery_codes_renewed";
    public const string SignedIn = "signed_in";
    public const string SignedOut = "signed_out";
    public const string SignInFailed = "sign_in_failed";
    public const string UserLockedOut = "user_locked_out";
    public const string TokenCreated = "token_created";
    public const string TokenRevoked = "token_revoked";

    /// <summary>Every word there is, to filter by.</summary>
    public static readonly IReadOnlyList<string> All = [.. typeof(Actions).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
