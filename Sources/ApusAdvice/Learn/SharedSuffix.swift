/// Suffixes under which strangers live side by side: a rule for all that is under one would let anybody in.
///
/// It is a short list, for a rule that is proposed and not for one that is enforced: what it does not know, a reader of the
/// proposal sees. (The whole list is that of publicsuffix.org.)
enum SharedSuffix {
    /// Second-level names that registries of countries sell under: `co.uk`, `com.au`, `or.jp`.
    private static let secondLevels: Set<String> = [
        "ac", "ad", "adv", "asn", "asso", "biz", "co", "com", "ed", "edu", "eng", "firm", "gen", "go", "gob", "gouv",
        "gov", "govt",
        "gr", "id", "ind", "inf", "info", "lg", "ltd", "me", "med", "mil", "muni", "name", "ne", "net", "nhs", "nic",
        "nom", "or",
        "org", "plc", "police", "pro", "sch", "school", "store", "tm", "web",
    ]

    /// Platforms that give a name, or a tree of names, to each of their customers.
    private static let platforms: Set<String> = [
        "akamaiedge.net", "akamaihd.net", "akamaized.net", "aliyuncs.com", "amazonaws.com", "amazonaws.com.cn",
        "appspot.com",
        "arpa", "aws.dev", "awsapprunner.com", "azure-api.net", "azurecontainer.io", "azurecr.io", "azureedge.net",
        "azurefd.net",
        "azurestaticapps.net", "azurewebsites.net", "b-cdn.net", "backblazeb2.com", "bitbucket.io", "blogspot.com",
        "cdn77.org",
        "cloudapp.net", "cloudflarestorage.com", "cloudfront.net", "cloudfunctions.net", "codeberg.page", "deno.dev",
        "digitaloceanspaces.com", "duckdns.org", "dyndns.org", "edgekey.net", "edgesuite.net", "elasticbeanstalk.com",
        "fastly.net",
        "fastlylb.net", "firebaseapp.com", "firebaseio.com", "fly.dev", "github.dev", "github.io",
        "githubusercontent.com",
        "gitlab.io", "gitpod.io", "glitch.me", "googleapis.com", "googleusercontent.com", "herokuapp.com",
        "herokudns.com",
        "hf.space", "kasserver.com", "linodeobjects.com", "loca.lt", "lovable.app", "myftp.org", "myqcloud.com",
        "myshopify.com",
        "netlify.app", "ngrok-free.app", "ngrok.app", "ngrok.dev", "ngrok.io", "nip.io", "no-ip.org", "now.sh",
        "ondigitalocean.app",
        "onrender.com", "oraclecloud.com", "pages.dev", "r2.dev", "railway.app", "readthedocs.io", "repl.co",
        "replit.app",
        "replit.dev", "run.app", "sourceforge.io", "sslip.io", "stackblitz.io", "streamlit.app", "supabase.co",
        "surge.sh",
        "traefik.me", "trafficmanager.net", "translate.goog", "trycloudflare.com", "tumblr.com", "vercel.app",
        "wasabisys.com",
        "web.app", "webcontainer.io", "weebly.com", "windows.net", "wixsite.com", "wordpress.com", "workers.dev",
    ]

    /// Whether names directly under the suffix may belong to different people: a suffix of one label, one of a registry, a
    /// platform's, and all that is under a platform's.
    static func isShared(_ suffix: String) -> Bool {
        let labels = suffix.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1 else { return true }
        if labels.count == 2, labels[1].utf8.count == 2, secondLevels.contains(String(labels[0])) { return true }
        return labels.indices.contains { platforms.contains(labels[$0...].joined(separator: ".")) }
    }
}
