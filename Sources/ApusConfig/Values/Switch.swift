/// Yes or no as people write it in environments.
package enum Switch {
    package static func parse(_ text: String) throws(ValueFault) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw ValueFault("\"\(text)\" is neither yes nor no")
        }
    }
}
