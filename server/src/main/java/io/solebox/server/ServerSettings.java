package io.solebox.server;

import io.solebox.server.accounts.oidc.OidcSettings;
import io.solebox.server.tls.TlsConfig;
import io.solebox.server.tools.mcp.McpSettings;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a server was started with, as far as it decides who may do what: for the audit log. */
final class ServerSettings {
  private static final String NONE = "none";

  private ServerSettings() {}

  /** By name; never secrets. */
  static Map<String, String> of(ServerConfig config) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("host", config.host());
    settings.put("port", Integer.toString(config.port()));
    settings.put("keys", config.apiKeys().map(ApiKeys::described).orElse(NONE));
    settings.put("limits", config.usual().words());
    settings.put("allowed-hosts", words(config.allowedHosts()));
    settings.put("allowed-origins", words(config.allowedOrigins()));
    settings.put("accounts", config.accounts() ? "asked" : "if-any");
    settings.put("tls", config.tls().map(ServerSettings::words).orElse(NONE));
    settings.put("proxies", words(config.proxies().words()));
    settings.put("plain-http", config.plainHttp() ? "yes" : "no");
    settings.put("oidc", config.oidc().map(ServerSettings::words).orElse(NONE));
    settings.put("air-gap", config.airGapped() ? "yes" : "no");
    settings.put("share-models", config.shared().isPresent() ? "yes" : "no");
    settings.put("mcp", words(config.mcp()));
    settings.put("keep", config.keep().map(time -> time.toDays() + " days").orElse("forever"));
    return settings;
  }

  private static String words(OidcSettings issuer) {
    String people =
        ", people without an account: " + issuer.unknown().name().toLowerCase(Locale.ROOT);
    String whom = issuer.domains().isEmpty() ? "" : ", of " + words(issuer.domains());
    String signer = issuer.trust().isPresent() ? ", an authority of its own" : "";
    return issuer.issuer() + people + whom + signer;
  }

  private static String words(McpSettings mcp) {
    return words(
        mcp.servers().entrySet().stream()
            .map(server -> server.getKey() + "=" + server.getValue().words())
            .toList());
  }

  private static String words(TlsConfig tls) {
    String certificate =
        switch (tls.certificate()) {
          case TlsConfig.Certificate.Own _ -> "own authority";
          case TlsConfig.Certificate.PemFiles(var chain, var _, var _) -> chain.toString();
          case TlsConfig.Certificate.Pkcs12(var file, var _) -> file.toString();
        };
    return tls.clients().isPresent() ? certificate + ", certificates of clients" : certificate;
  }

  private static String words(Iterable<String> words) {
    String joined = String.join(" ", words);
    return joined.isEmpty() ? NONE : joined;
  }
}
