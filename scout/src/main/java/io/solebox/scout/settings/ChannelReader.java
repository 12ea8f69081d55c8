package io.solebox.scout.settings;

import io.solebox.scout.outbox.Calm;
import io.solebox.scout.settings.ChannelSettings.Way;
import io.solebox.scout.toml.TomlTable;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the ways to people: {@code [[channel]]}. */
final class ChannelReader {
  /** Of submission with STARTTLS: RFC 6409. */
  private static final int SUBMISSION = 587;

  private static final Pattern MAIL = Pattern.compile("[^\\s@<>,;]+@[^\\s@<>,;]+");
  private static final String MAIL_WORDS = "an address of mail, as in me@example.org";
  private static final String WEB = "an address that begins with https:// or http://";

  private enum Kind {
    DISCORD,
    MAIL,
    NTFY,
    MATRIX,
    WEBHOOK
  }

  private final Secrets secrets;
  private final Calm usual;
  private final Set<String> names = new LinkedHashSet<>();

  ChannelReader(Secrets secrets, Calm usual) {
    this.secrets = secrets;
    this.usual = usual;
  }

  /** Of all channels that were read until now, sound or not. */
  Set<String> names() {
    return names;
  }

  Optional<ChannelSettings> read(TomlTable table) {
    String name = SettingNames.read(table);
    if (!name.isEmpty() && !names.add(name)) {
      table.wrong("name", "there are two channels of the name '%s'".formatted(name));
    }
    Calm calm = GeneralReader.calm(table, usual);
    Optional<Kind> kind = table.choice("kind", List.of(Kind.values()), Words::of);
    if (kind.isEmpty()) {
      if (!table.has("kind")) {
        table.wrong("", "'kind' is missing: discord, mail, ntfy, matrix or webhook");
      }
      return Optional.empty(); // which other names mean something depends on it
    }
    Optional<? extends Way> way =
        switch (kind.get()) {
          case DISCORD -> secrets.required(table, "webhook").map(Way.Discord::new);
          case MAIL -> mail(table);
          case NTFY -> ntfy(table);
          case MATRIX -> matrix(table);
          case WEBHOOK -> webhook(table);
        };
    table.nothingElse();
    return way.map(it -> new ChannelSettings(name, it, calm));
  }

  private Optional<Way.Mail> mail(TomlTable table) {
    String host = table.required("host");
    int port = table.whole("port", 1, 65_535).orElse(SUBMISSION);
    var user = table.text("user");
    Optional<SecretPlace> password =
        user.isPresent()
            ? secrets.required(table, "password")
            : secrets.optional(table, "password");
    if (user.isEmpty() && password.isPresent()) {
      table.wrong("", "there is a password, and no 'user'");
    }
    var from = table.value("from", ChannelReader::mailbox, MAIL_WORDS);
    List<String> to = table.each("to", ChannelReader::mailbox, MAIL_WORDS);
    if (!table.has("from")) {
      table.wrong("", "'from' is missing");
    }
    if (!table.has("to")) {
      table.wrong("", "'to' is missing");
    }
    return from.filter(_ -> !host.isEmpty() && !to.isEmpty())
        .map(it -> new Way.Mail(host, port, user, password, it, to));
  }

  private static Optional<String> mailbox(String text) {
    return MAIL.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }

  private Optional<Way.Ntfy> ntfy(TomlTable table) {
    URI server = table.value("server", WebAddress::of, WEB).orElse(URI.create("https://ntfy.sh"));
    Optional<SecretPlace> token = secrets.optional(table, "token");
    return secrets.required(table, "topic").map(topic -> new Way.Ntfy(server, topic, token));
  }

  private Optional<Way.Matrix> matrix(TomlTable table) {
    table.required("server");
    var server = table.value("server", WebAddress::of, WEB);
    String room = table.required("room");
    if (!room.isEmpty() && !room.startsWith("!")) {
      table.wrong("room", "'room' must be the id of a room, as in !abc:example.org");
    }
    return secrets
        .required(table, "token")
        .filter(_ -> server.isPresent() && !room.isEmpty())
        .map(token -> new Way.Matrix(server.get(), room, token));
  }

  private Optional<Way.Webhook> webhook(TomlTable table) {
    Optional<SecretPlace> signing = secrets.optional(table, "signing_key");
    return secrets.required(table, "url").map(url -> new Way.Webhook(url, signing));
  }
}
