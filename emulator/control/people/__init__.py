"""What people see and do on the pages of this server: payers, customers, holders of accounts."""
