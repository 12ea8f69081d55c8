package io.solebox.server;

import java.util.Map;
import java.util.TreeMap;

/** What a server was started with, as far as it decides who may do what, for the audit log. */
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
    settings.put("share-models", config.shared().isPresent() ? "yes" : "no");
    settings.put("keep", config.keep().map(time -> time.toDays() + " days").orElse("forever"));
    return settings;
  }

  private static String words(Iterable<String> words) {
    String joined = String.join(" ", words);
    return joined.isEmpty() ? NONE : joined;
  }
}
