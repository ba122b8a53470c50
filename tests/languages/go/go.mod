module checks

go 1.26

require datagrant v0.0.0

replace datagrant => ../../../guest/go
