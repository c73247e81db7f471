"""The report (rapport): one page and one workbook, made of saved results alone."""
