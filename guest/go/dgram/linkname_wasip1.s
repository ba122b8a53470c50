// Go functions without a body are allowed in a package that has assembly: those of loop.go, which are linknames.
