extension PageFiles {
    /// The files of `Page`, which the build puts into the binary, by their names.
    static let embedded: [(name: String, bytes: [UInt8])] = [
        ("api.js", PackageResources.api_js),
        ("app.js", PackageResources.app_js),
        ("chart.js", PackageResources.chart_js),
        ("detail.js", PackageResources.detail_js),
        ("favicon.svg", PackageResources.favicon_svg),
        ("filter.js", PackageResources.filter_js),
        ("health.js", PackageResources.health_js),
        ("index.html", PackageResources.index_html),
        ("open.js", PackageResources.open_js),
        ("openapi.json", PackageResources.openapi_json),
        ("overview.js", PackageResources.overview_js),
        ("page.css", PackageResources.page_css),
        ("policy.js", PackageResources.policy_js),
        ("refusals.js", PackageResources.refusals_js),
        ("requests.js", PackageResources.requests_js),
        ("ring.js", PackageResources.ring_js),
        ("rows.js", PackageResources.rows_js),
        ("text.js", PackageResources.text_js),
        ("theme.js", PackageResources.theme_js),
        ("top.js", PackageResources.top_js),
    ]
}
