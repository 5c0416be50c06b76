import Foundation
import HTTPTypes
import HummingbirdCore
import Testing

@testable import ApusAdmin

@Suite("The files of the page")
struct PageFilesTests {
    /// The folder of the page in the repository.
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/ApusAdmin/Page")

    @Test("each file of the folder is in the binary, as it is") func embedded() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: PageFilesTests.folder.path).sorted()
        #expect(PageFiles.embedded.map(\.name).sorted() == names)
        for (name, bytes) in PageFiles.embedded {
            let content = try Data(contentsOf: PageFilesTests.folder.appendingPathComponent(name))
            #expect(content == Data(bytes), "\(name)")
        }
    }

    @Test("a file has its type, and is not sent again to who has it") func responses() throws {
        let files = PageFiles()
        let page = try #require(files.response("index.html", ifNoneMatch: nil))
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        let tag = try #require(page.headers[.eTag])
        #expect(files.response("index.html", ifNoneMatch: tag)?.status == .notModified)
        #expect(files.response("app.js", ifNoneMatch: tag)?.status == .ok)
        #expect(files.response("app.js", ifNoneMatch: nil)?.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(files.response("../Package.swift", ifNoneMatch: nil) == nil)
    }

    @Test("the page is small") func weight() {
        #expect(PageFiles.embedded.map(\.bytes.count).reduce(0, +) < 400_000)
    }
}
