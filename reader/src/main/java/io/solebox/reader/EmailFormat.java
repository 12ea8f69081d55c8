package io.solebox.reader;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;

/**
 * E-mails by mime4j: who wrote what to whom, the text (of two forms of it the plain one), then what
 * is attached, each as a part under its name.
 */
final class EmailFormat implements Format {
  /** Reads what is attached, or tells why not. */
  interface Attachments {
    void read(String name, byte[] content, Text out) throws Refusal;
  }

  private static final int MIB = 1 << 20;
  private static final int DEEPEST = 20;
  private static final int MOST_PARTS = 1000;
  private static final List<String> SHOWN = List.of("From", "To", "Cc", "Date", "Subject");
  private static final MimeConfig CONFIG =
      new MimeConfig.Builder()
          .setMaxLineLen(10 * MIB)
          .setMaxHeaderLen(MIB)
          .setMaxHeaderCount(10_000)
          .build();

  private final Attachments attachments;
  private int parts;

  EmailFormat(Attachments attachments) {
    this.attachments = attachments;
  }

  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    var builder = new DefaultMessageBuilder();
    builder.setMimeEntityConfig(CONFIG);
    Message message = builder.parseMessage(new ByteArrayInputStream(file));
    if (message.getHeader().getFields().isEmpty()) {
      throw new IOException("it has no header");
    }
    message(message, out, 0);
  }

  private void message(Message message, Text out, int depth) throws IOException, Refusal {
    out.part(header(message, "Subject").stream().toList());
    for (String name : SHOWN) {
      Optional<String> value = header(message, name);
      if (value.isPresent()) {
        out.line(name + ": " + value.get());
      }
    }
    body(message, out, depth + 1);
    out.flush();
  }

  private static Optional<String> header(Message message, String name) {
    Field field = message.getHeader().getField(name);
    return Optional.ofNullable(field)
        .map(Field::getBody)
        .map(EmailFormat::decoded)
        .filter(value -> !value.isBlank());
  }

  private static String decoded(String header) {
    return DecoderUtil.decodeEncodedWords(header.strip(), DecodeMonitor.SILENT);
  }

  private void body(Entity entity, Text out, int depth) throws IOException, Refusal {
    parts++;
    if (depth > DEEPEST || parts > MOST_PARTS) {
      throw new Refusal(
          "Its parts are nested too deep, or there are too many.",
          "Save what matters of it as files of their own.");
    }
    switch (entity.getBody()) {
      case Message inside -> message(inside, out.inside(List.of(name(entity))), depth);
      case Multipart multipart when multipart.getSubType().equalsIgnoreCase("alternative") ->
          body(best(multipart.getBodyParts()), out, depth + 1);
      case Multipart multipart -> {
        for (Entity part : multipart.getBodyParts()) {
          body(part, out, depth + 1);
        }
      }
      case SingleBody single -> single(entity, bytes(single), out);
      case null, default -> {
        // nothing was sent
      }
    }
  }

  /** Of the forms of one text: the plain one that says something, or the richest. */
  private static Entity best(List<Entity> forms) throws IOException {
    for (Entity form : forms) {
      if (form.getMimeType().equals("text/plain")
          && form.getBody() instanceof SingleBody text
          && !new String(bytes(text), StandardCharsets.ISO_8859_1).isBlank()) {
        return form;
      }
    }
    if (forms.isEmpty()) {
      throw new IOException("a part of it is empty");
    }
    return forms.getLast();
  }

  private void single(Entity entity, byte[] content, Text out) throws IOException, Refusal {
    boolean attached =
        "attachment".equalsIgnoreCase(entity.getDispositionType())
            || Optional.ofNullable(entity.getFilename()).isPresent();
    if (attached || !entity.getMimeType().startsWith("text/")) {
      out.flush();
      attachments.read(name(entity), content, out);
      return;
    }
    Decoded text = Decoded.of(content, Optional.ofNullable(entity.getCharset()));
    for (String note : text.notes()) {
      out.note(note);
    }
    if (entity.getMimeType().equals("text/html")) {
      HtmlFormat.read(text.text(), out);
    } else {
      out.line(text.text().replace("\r\n", "\n").stripTrailing());
    }
  }

  private static String name(Entity entity) {
    return Optional.ofNullable(entity.getFilename())
        .map(EmailFormat::decoded)
        .filter(name -> !name.isBlank())
        .orElse(entity.getMimeType());
  }

  private static byte[] bytes(SingleBody body) throws IOException {
    try (InputStream in = body.getInputStream()) {
      return in.readAllBytes();
    }
  }
}
