"""Who paid for whom, looked at afterwards: records, statements, disputes and reports."""
