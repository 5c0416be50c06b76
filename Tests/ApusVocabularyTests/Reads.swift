/// Compiles if a property is there and its type has this name; a test of such lines is passed by being compiled.
func reads<Root, Value>(_: KeyPath<Root, Value>, _: Value.Type) {}
