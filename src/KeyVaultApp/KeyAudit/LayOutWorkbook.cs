using ClosedXML.Excel;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// The workbook with everything but its rows: headings, styles, widths, drop-down lists, protection, and below the headings of
/// each sheet one model row, which <see cref="WorkbookWriter"/> puts the rows in place of.
/// </summary>
internal static class LayOutWorkbook
{
    /// <summary>What a list in a cell may be long in all: https://support.microsoft.com/office/data-validation</summary>
    private const int LongestList = 255;

    private static readonly XLColor Ink = XLColor.FromArgb(0x13, 0x4E, 0x4A);
    private static readonly XLColor FillHead = XLColor.FromArgb(0xB4, 0x53, 0x09);
    private static readonly XLColor FillCell = XLColor.FromArgb(0xFE, 0xF3, 0xC7);
    private static readonly XLColor Line = XLColor.FromArgb(0xD6, 0xD3, 0xD1);

    /// <param name="facts">What the summary begins with: label and text.</param>
    /// <param name="providers">Offered to choose from; others may be typed.</param>
    public static MemoryStream Make(IReadOnlyList<(string Label, string Text)> facts, IReadOnlyList<string> providers)
    {
        using var workbook = new XLWorkbook();
        workbook.Style.Font.FontName = "Calibri";
        workbook.Style.Font.FontSize = 11;
        workbook.Properties.Title = "Key audit";
        workbook.Properties.Author = "KeyVaultApp";

        AddSummary(workbook, facts);
        Fill(workbook.AddWorksheet(Sheets.Agents.Name), Sheets.Agents, 1, frozenColumns: 2);
        AddDistinctKeys(workbook, providers);
        Fill(workbook.AddWorksheet(Sheets.SharedKeys.Name), Sheets.SharedKeys, 1, frozenColumns: 0);
        AddReadMe(workbook);

        var made = new MemoryStream();
        workbook.SaveAs(made);
        made.Position = 0;
        return made;
    }

    private static void AddSummary(XLWorkbook workbook, IReadOnlyList<(string Label, string Text)> facts)
    {
        var sheet = workbook.AddWorksheet(Sheets.Summary.Name);
        sheet.Cell(1, 1).SetValue("Key audit").Style.Font.SetBold().Font.SetFontSize(16).Font.SetFontColor(Ink);
        for (var i = 0; i < facts.Count; i++)
        {
            sheet.Cell(i + 2, 1).SetValue(facts[i].Label).Style.Font.SetBold();
            // Rich text is never taken for a formula, whatever a name begins with.
            sheet.Cell(i + 2, 2).RichText.AddText(facts[i].Text);
        }

        Fill(sheet, Sheets.Summary, facts.Count + 3, frozenColumns: 0);
    }

    private static void AddDistinctKeys(XLWorkbook workbook, IReadOnlyList<string> providers)
    {
        var sheet = workbook.AddWorksheet(Sheets.DistinctKeys.Name);
        var model = Fill(sheet, Sheets.DistinctKeys, 1, frozenColumns: 4);
        IXLCell Cell(string heading) => sheet.Cell(model, Sheets.DistinctKeys.Columns.ToList().FindIndex(column => column.Heading == heading) + 1);

        var decision = Cell(Sheets.DecisionHeading).DataValidation;
        decision.List(Quoted(Sheets.Decisions), inCellDropdown: true);
        decision.ErrorTitle = "Decision";
        decision.ErrorMessage = $"One of: {string.Join(", ", Sheets.Decisions)}.";
        decision.InputTitle = "Decision";
        decision.InputMessage = "create: a key resource of this name is made of the stored key. use existing: the existing one is assigned. leave: nothing happens.";
        var assign = Cell(Sheets.AssignHeading).DataValidation;
        assign.InputTitle = "Assign to workspaces";
        assign.InputMessage = "Names with semicolons between them. Empty: this workspace and all others that hold the same key.";
        assign.TextLength.EqualOrLessThan(32_000);
        if (string.Join(',', providers).Length is 0 or > LongestList) return;
        var provider = Cell(Sheets.ProviderHeading).DataValidation;
        provider.List(Quoted(providers), inCellDropdown: true);
        provider.ShowErrorMessage = false;
    }

    /// <returns>The number of the model row.</returns>
    private static int Fill(IXLWorksheet sheet, SheetOfRows rows, int head, int frozenColumns)
    {
        for (var i = 0; i < rows.Columns.Count; i++)
        {
            var column = rows.Columns[i];
            var isFill = column.Use == ColumnUse.Fill;
            sheet.Column(i + 1).Width = column.Width;
            var heading = sheet.Cell(head, i + 1).SetValue(column.Heading);
            heading.Style.Font.SetBold().Font.SetFontColor(XLColor.White).Fill.SetBackgroundColor(isFill ? FillHead : Ink);
            heading.Style.Alignment.SetVertical(XLAlignmentVerticalValues.Center).Alignment.SetWrapText();
            Align(heading.Style, column.Use);
            var style = sheet.Cell(head + 1, i + 1).Style;
            style.Border.SetBottomBorder(XLBorderStyleValues.Hair).Border.SetBottomBorderColor(Line);
            style.Alignment.SetVertical(XLAlignmentVerticalValues.Top).Alignment.SetWrapText(column.Use == ColumnUse.Several);
            Align(style, column.Use);
            if (column.Use == ColumnUse.Number) style.NumberFormat.SetFormat("#,##0");
            else style.NumberFormat.SetFormat("@");
            if (isFill) style.Fill.SetBackgroundColor(FillCell).Protection.SetLocked(false);
            if (column.Use == ColumnUse.Hidden) sheet.Column(i + 1).Hide();
        }

        sheet.Row(head).Height = 32;
        sheet.SheetView.Freeze(head, frozenColumns);
        sheet.Range(head, 1, head + 1, rows.Columns.Count).SetAutoFilter();
        Protect(sheet);
        sheet.PageSetup.SetRowsToRepeatAtTop(head, head);
        Print(sheet);
        return head + 1;
    }

    private static void Align(IXLStyle style, ColumnUse use)
    {
        if (use == ColumnUse.Number) style.Alignment.SetHorizontal(XLAlignmentHorizontalValues.Right);
        else style.Alignment.SetHorizontal(XLAlignmentHorizontalValues.Left).Alignment.SetIndent(1);
    }

    private static void AddReadMe(XLWorkbook workbook)
    {
        var sheet = workbook.AddWorksheet(Sheets.ReadMe);
        sheet.Column(1).Width = 110;
        const int charactersOfALine = 96;
        const int heightOfALine = 16;
        for (var i = 0; i < ReadMeWords.Lines.Count; i++)
        {
            var (text, isHeading) = ReadMeWords.Lines[i];
            var cell = sheet.Cell(i + 1, 1).SetValue(text);
            cell.Style.Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Top);
            sheet.Row(i + 1).Height = isHeading ? 2 * heightOfALine : (text.Length / charactersOfALine + 1) * heightOfALine + 4;
            if (isHeading) cell.Style.Alignment.SetVertical(XLAlignmentVerticalValues.Center);
            if (isHeading) cell.Style.Font.SetBold().Font.SetFontColor(Ink).Font.SetFontSize(i == 0 ? 16 : 12);
        }

        Protect(sheet);
        Print(sheet);
    }

    /// <summary>Against slips, so without a password: whoever means to may lift it.</summary>
    private static void Protect(IXLWorksheet sheet) => sheet.Protect().AllowElement(
        XLSheetProtectionElements.AutoFilter | XLSheetProtectionElements.Sort | XLSheetProtectionElements.FormatColumns | XLSheetProtectionElements.FormatRows
        | XLSheetProtectionElements.SelectLockedCells | XLSheetProtectionElements.SelectUnlockedCells);

    private static void Print(IXLWorksheet sheet)
    {
        sheet.PageSetup.PageOrientation = XLPageOrientation.Landscape;
        sheet.PageSetup.PaperSize = XLPaperSize.A4Paper;
        sheet.PageSetup.FitToPages(1, 0);
        sheet.PageSetup.Footer.Right.AddText("&A, page &P of &N");
    }

    private static string Quoted(IEnumerable<string> words) => $"\"{string.Join(',', words)}\"";
}
