namespace KeyVaultApp.KeyAudit;

/// <summary>What to do with the workbook, in words.</summary>
internal static class ReadMeWords
{
    public static readonly IReadOnlyList<(string Text, bool IsHeading)> Lines =
    [
        ("Key audit", true),
        ("This workbook lists every agent, which key it uses, and every distinct key that stands in an old column. No key is in it: a key is told by its last four characters and its fingerprint. Keys under 12 characters show nothing but dots.", false),
        ("What to do", true),
        ("1. Go to the sheet Distinct keys. Each row is one key in one workspace. The yellow columns are yours; all others are protected against slips.", false),
        ("2. Choose a Decision. create makes a key resource out of the stored key; nobody types or sees it. use existing assigns the key resource that holds the same key already. leave does nothing. Rows without a decision stay as they are; you may come back to them with this workbook or a new one.", false),
        ("3. With create, fill in Resource name: a name that tells people what the key is for. Suggested name is a start. Names are unique, and upper and lower case are the same.", false),
        ("4. Provider is optional: it lets the key be tested later. Choose from the list or type another one. A provider that also needs a region cannot be named here.", false),
        ("5. Assign to workspaces is optional: names with semicolons between them. Left empty, the key resource is assigned to this workspace and to all others that hold the same key, but not to those whose row says leave.", false),
        ("6. A key that several workspaces hold has a row in each of them, and one line in Shared keys. It gets one name: fill it in once, on any of its rows. The other rows may stay empty.", false),
        ("7. Save the file as .xlsx without a password, and upload it on the page Key audit. You see what would happen, row by row, before an administrator applies it: all of it, or nothing.", false),
        ("What is safe", true),
        ("Rows may be filtered. To sort or delete them, or to move columns, unprotect the sheet first (Review, Unprotect Sheet; there is no password). The hidden columns at the end recognise a row; leave them as they are.", false),
        ("The same workbook may be uploaded twice: what is there already is not made again.", false),
        ("Agents are not changed by any of this. They go on using what they use now until they are migrated.", false),
        ("What the words mean", true),
        ("State: legacy, the agent uses what stands in its old column; reference, it uses a key resource; empty, it has no key of this kind; broken, it names a key resource that it cannot use, with the reason.", false),
        ("Key resource in the sheet Agents: the one that the agent uses. Beside a legacy key it is the one that holds the same key, if there is one.", false),
        ("Findings: what looks wrong with a key, such as blanks around it. The key is kept as it is; a provider may refuse it.", false),
        ("Phase 1 is complete when the last column of Summary is 0 in every row: every legacy key has a key resource that its workspace may use. A disabled or expired one does not count.", false),
        ("In a workspace in references_only old columns are not read. It is listed with its references alone.", false),
    ];
}
