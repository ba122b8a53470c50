module datagrant

go 1.26
