import ApusPolicy
import Testing

@Test("no fault of a hash repeats what stood there") func faultsAreSilent() {
    for text in ["hunter2-hunter2", "{SHA}hunter2", "$apr1$hunter2$hunter2", "$zz$hunter2$x"] {
        do throws(PasswordHashFault) {
            _ = try PasswordHash(text)
            Issue.record("it was taken")
        } catch {
            #expect(!error.description.contains("hunter2"))
        }
    }
}
