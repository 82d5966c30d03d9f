import Testing

@testable import Supervisor

@Suite struct HTTPResponseTests {
    struct Row: Sendable {
        var text: String
        var status: Int
        var progress: HTTPResponse.Progress
        var isWholeAtEnd = false
        var location = ""
    }

    @Test(arguments: [
        Row(text: "HTTP/1.1 200 OK\r\n", status: 0, progress: .incomplete),
        Row(text: "HTTP/1.1 200 OK\r\n\r\n", status: 200, progress: .incomplete, isWholeAtEnd: true),
        Row(text: "HTTP/1.0 200\n\nbody", status: 200, progress: .incomplete, isWholeAtEnd: true),
        Row(text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", status: 200, progress: .incomplete),
        Row(text: "HTTP/1.1 200 OK\r\ncontent-length:2 \r\n\r\nok", status: 200, progress: .complete),
        Row(text: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, progress: .complete),
        Row(
            text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", status: 500,
            progress: .complete),
        Row(
            text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", status: 200, progress: .incomplete
        ),
        Row(
            text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", status: 200,
            progress: .complete),
        Row(
            text: "HTTP/1.1 302 Found\r\nLocation:  /a b \r\nContent-Length: 0\r\n\r\n", status: 302,
            progress: .complete, location: "/a b"),
        Row(text: "SSH-2.0-OpenSSH\r\n\r\n", status: 0, progress: .invalid),
        Row(text: "HTTP/1.1 2000 OK\r\n\r\n", status: 0, progress: .invalid),
        Row(text: "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", status: 200, progress: .invalid),
        Row(text: String(repeating: "x", count: 70_000), status: 0, progress: .invalid),
        Row(
            text: "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + String(repeating: "x", count: 10_240),
            status: 200, progress: .complete),
    ])
    func answers(_ row: Row) {
        var whole = HTTPResponse()
        let taken = whole.take(Array(row.text.utf8))
        #expect(taken == row.progress)
        #expect(whole.status == row.status && whole.location == row.location)
        #expect(whole.isWholeAtEnd == row.isWholeAtEnd)
        if row.text.utf8.count > 1000 { return }
        // The same in single bytes.
        var single = HTTPResponse()
        var progress = HTTPResponse.Progress.incomplete
        for byte in row.text.utf8 where progress != .invalid { progress = single.take([byte]) }
        #expect(progress == row.progress && single.status == row.status)
    }

    @Test(arguments: [
        ("/ok", "http://127.0.0.1:8080/ok"), ("ok?a=b#c", "http://127.0.0.1:8080/dir/ok?a=b"),
        ("?x", "http://127.0.0.1:8080/dir/page?x"), ("../up", "http://127.0.0.1:8080/up"),
        ("./", "http://127.0.0.1:8080/dir/"), ("//other/x", "http://other/x"),
        ("https://127.0.0.1", "https://127.0.0.1/"), ("http://[::1]:81?q", "http://[::1]:81/?q"),
        ("HTTP://user@host:80/a/../b", "http://host/b"), ("", "http://127.0.0.1:8080/dir/page?q=/"),
    ])
    func redirects(_ reference: String, _ url: String) {
        let target = HTTPTarget(isTLS: false, host: "127.0.0.1", port: 8080, path: "/dir/page?q=/")
        #expect(target.resolved(reference)?.url == url)
    }

    @Test(arguments: ["ftp://a/", "http://", "http://a:99999/", "http://[::1"])
    func redirectsToNowhere(_ reference: String) {
        let target = HTTPTarget(isTLS: false, host: "127.0.0.1", port: 8080, path: "/")
        #expect(target.resolved(reference) == nil)
    }
}
