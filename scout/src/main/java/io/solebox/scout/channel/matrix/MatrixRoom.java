package io.solebox.scout.channel.matrix;

import io.solebox.engine.json.JsonWriter;
import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Mentions;
import io.solebox.scout.channel.Message;
import io.solebox.scout.channel.Posting;
import io.solebox.scout.notice.Block;
import io.solebox.scout.notice.NoticeText;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A room of Matrix (<a
 * href="https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid">sending</a>).
 * The message's key is the transaction's: what the server has had before it does not show again.
 */
public final class MatrixRoom implements Channel {
  /** An event has 64 KiB at most; each of these has 2 KiB in both forms. */
  private static final int MOST_NEWS = 10;

  private static final String REMEDY =
      "See that the token is still good, and that its account is in the room and may write there.";

  private static final JsonWriter JSON = new JsonWriter();

  private final String name;
  private final URI server;
  private final String room;
  private final Secret token;
  private final Posting posting;
  private final NoticeText text;

  /**
   * @param room as in {@code !abc:example.org}
   */
  public MatrixRoom(
      String name, URI server, String room, Secret token, Outbound outbound, NoticeText text) {
    this.name = name;
    this.server = server;
    this.room = room;
    this.token = token;
    this.posting = new Posting(outbound);
    this.text = text;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int most() {
    return MOST_NEWS;
  }

  @Override
  public Delivery send(Message message) throws InterruptedException {
    List<Block> blocks = message.news().stream().map(text::of).toList();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("msgtype", "m.text");
    body.put("body", blocks.stream().map(MatrixRoom::plain).collect(Collectors.joining("\n\n")));
    body.put("format", "org.matrix.custom.html");
    body.put("formatted_body", blocks.stream().map(MatrixRoom::html).collect(Collectors.joining()));
    body.put("m.mentions", Map.of());
    String path =
        "/_matrix/client/v3/rooms/%s/send/m.room.message/%s"
            .formatted(encoded(room), encoded(message.key()));
    URI address = URI.create(server.toString().replaceAll("/+$", "") + path);
    Ask ask = Ask.put(address, new Ask.Body("application/json", JSON.bytes(body)));
    return posting.send(ask.with(Optional.of(token)), MatrixRoom::read);
  }

  /** How long to wait servers say in the body, and later ones in the header, too. */
  private static Delivery read(Outbound.Reply reply) {
    if (reply.head().status() == 429
        && reply.head().askedWait().isEmpty()
        && Posting.json(reply).get("retry_after_ms") instanceof Long millis
        && millis > 0) {
      return new Delivery.Later(Duration.ofMillis(millis), Posting.said(reply), false);
    }
    return Posting.read(reply, REMEDY);
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String plain(Block block) {
    StringBuilder plain = new StringBuilder(block.title());
    block.page().ifPresent(page -> plain.append('\n').append(page.toASCIIString()));
    block.lines().forEach(line -> plain.append('\n').append(line.plain()));
    return Mentions.broken(plain.toString());
  }

  private static String html(Block block) {
    String title = escaped(block.title());
    String head =
        block
            .page()
            .map(page -> "<a href=\"%s\">%s</a>".formatted(attribute(page), title))
            .orElse(title);
    String lines = block.lines().stream().map(MatrixRoom::html).collect(Collectors.joining("<br>"));
    return "<p><strong>" + head + "</strong><br>" + lines + "</p>";
  }

  private static String html(Block.Line line) {
    return line.label().isEmpty()
        ? escaped(line.text())
        : escaped(line.label()) + ": " + escaped(line.text());
  }

  private static String attribute(URI page) {
    return markup(page.toASCIIString());
  }

  private static String escaped(String text) {
    return Mentions.broken(markup(text));
  }

  private static String markup(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
