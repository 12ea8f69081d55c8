package io.solebox.scout.settings;

import io.solebox.scout.source.ebay.EbaySite;
import io.solebox.scout.toml.TomlTable;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads where is looked: {@code [ebay]}, {@code [[feed]]}, {@code [[shop]]}. */
final class SourceReader {
  private static final int MOST_CALLS = 10_000_000;
  private static final Pattern LISTEN =
      Pattern.compile("(\\[[0-9a-fA-F:]+\\]|[\\w.-]+):(\\d{1,5})");

  /** By their names. */
  static final List<String> EBAY_SITES = Arrays.stream(EbaySite.values()).map(Enum::name).toList();

  private static final String WEB = "an address that begins with https:// or http://";

  private final Secrets secrets;
  private final General general;
  private final Set<String> taken = new HashSet<>();

  SourceReader(Secrets secrets, General general) {
    this.secrets = secrets;
    this.general = general;
  }

  Optional<EbaySettings> ebay(TomlTable table) {
    String id = table.required("client_id");
    Optional<SecretPlace> secret = secrets.required(table, "client_secret");
    Set<EbaySite> sites = sites(table);
    var calls = table.whole("calls_per_day", 1, MOST_CALLS);
    URI api = table.value("address", WebAddress::of, WEB).orElse(EbaySettings.API);
    var notices = notices(table);
    table.nothingElse();
    return secret
        .filter(_ -> !id.isEmpty())
        .map(it -> new EbaySettings(api, id, it, sites, calls, notices));
  }

  /** As eBay calls them, or by their country; {@code all} of them; else that of the owner. */
  private Set<EbaySite> sites(TomlTable table) {
    if (table.texts("sites").equals(List.of("all"))) {
      return Set.of(EbaySite.values());
    }
    if (table.has("sites")) {
      return table.known("sites", EBAY_SITES, SourceReader::site).stream()
          .map(EbaySite::valueOf)
          .collect(Collectors.toSet());
    }
    return Set.of(general.country().flatMap(EbaySite::of).orElse(EbaySite.EBAY_US));
  }

  private static String site(String text) {
    return EbaySite.of(text).map(Enum::name).orElse(text);
  }

  private Optional<EbaySettings.Notices> notices(TomlTable table) {
    var endpoint = table.value("notices_endpoint", WebAddress::of, WEB);
    var listen =
        table.value(
            "notices_listen",
            SourceReader::listen,
            "an address of this machine, as in 127.0.0.1:8090");
    Optional<SecretPlace> token = secrets.optional(table, "notices_token");
    boolean all = endpoint.isPresent() && listen.isPresent() && token.isPresent();
    boolean none =
        !table.has("notices_endpoint") && !table.has("notices_listen") && token.isEmpty();
    if (!all && !none) {
      table.wrong(
          "notices_endpoint",
          "notices need all of 'notices_endpoint', 'notices_listen' and 'notices_token_file'");
    }
    return all
        ? Optional.of(new EbaySettings.Notices(endpoint.get(), listen.get(), token.get()))
        : Optional.empty();
  }

  private static Optional<InetSocketAddress> listen(String text) {
    Matcher matcher = LISTEN.matcher(text);
    return matcher.matches() && Integer.parseInt(matcher.group(2)) <= 65_535
        ? Optional.of(
            InetSocketAddress.createUnresolved(
                matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  FeedSettings feed(TomlTable table) {
    String name = name(table);
    Address address = address(table);
    var feed =
        new FeedSettings(
            name,
            address,
            GeneralReader.every(table, general.every()),
            table
                .value("currency", Values::currency, "the three letters of one, as in EUR")
                .or(general::currency),
            table.value("country", Values::country, "the two letters of a country, as in DE"));
    table.nothingElse();
    return feed;
  }

  /** Written out, or a secret, as those of private feeds are. */
  private Address address(TomlTable table) {
    if (table.has("url_file") || table.has("url_variable")) {
      return secrets
          .optional(table, "url")
          .<Address>map(Address.Hidden::new)
          .orElse(new Address.Open(EbaySettings.API)); // there is a mistake: nobody will ask it
    }
    Optional<URI> uri = table.text("url").map(String::strip).flatMap(WebAddress::of);
    if (uri.isEmpty()) {
      table.wrong(table.has("url") ? "url" : "", "'url' must be " + WEB);
    }
    return new Address.Open(uri.orElse(EbaySettings.API));
  }

  ShopSettings shop(TomlTable table) {
    String name = name(table);
    String mapping = table.required("mapping");
    var path = secrets.path(mapping);
    if (path.isEmpty() && !mapping.isEmpty()) {
      table.wrong("mapping", "'mapping' must be the path of a file");
    }
    var shop =
        new ShopSettings(
            name,
            path.orElse(secrets.folder()),
            GeneralReader.every(table, general.every()),
            secrets.optional(table, "token"),
            table.value("country", Values::country, "the two letters of a country, as in DE"));
    table.nothingElse();
    return shop;
  }

  /** Things of a source are known by it: another name would make all of them new. */
  private String name(TomlTable table) {
    String name = SettingNames.read(table);
    if (name.toLowerCase(Locale.ROOT).startsWith("ebay")) {
      table.wrong("name", "names that begin with 'ebay' are eBay's");
    } else if (!name.isEmpty() && !taken.add(name)) {
      table.wrong("name", "there are two feeds or shops of the name '%s'".formatted(name));
    }
    return name;
  }
}
