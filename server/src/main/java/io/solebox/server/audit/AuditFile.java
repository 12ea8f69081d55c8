package io.solebox.server.audit;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.box.BoxKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A log as a file that others can verify: lines of JSON, the first with the public key, then one
 * for each head, then one for each entry.
 */
public final class AuditFile {
  private static final String FORMAT = "solebox_audit";
  private static final long VERSION = 1;
  private static final JsonWriter WRITER = new JsonWriter();
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);

  private AuditFile() {}

  /**
   * Writes one.
   *
   * @param file must not be there
   * @param entries of which the last head covers the last
   * @return how many entries it has
   * @throws SoleboxException {@code IO_ERROR}
   */
  static long write(Path file, BoxKey key, List<Head> heads, List<Link> entries) {
    try (Writer out =
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW)) {
      Map<String, Object> first = new LinkedHashMap<>();
      first.put(FORMAT, VERSION);
      first.put("key", key.pem());
      first.put("fingerprint", key.fingerprint());
      line(out, first);
      for (Head head : heads) {
        line(out, fields(head));
      }
      for (Link link : entries) {
        line(out, fields(link));
      }
      return entries.size();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The audit log cannot be written there: " + e.getMessage() + ".",
          "Name a new file in a folder that can be written.",
          e);
    }
  }

  private static void line(Writer out, Map<String, Object> fields) throws IOException {
    out.write(WRITER.text(fields) + "\n");
  }

  private static Map<String, Object> fields(Head head) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("head", head.number());
    fields.put("seq", head.seq());
    fields.put("at", head.at());
    fields.put("digest", Hex.of(head.digest()));
    fields.put("key", head.key());
    fields.put("signature", Hex.of(head.signature()));
    return fields;
  }

  /** An entry as programs read it. */
  public static Map<String, Object> fields(Link link) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seq", link.seq());
    fields.put("at", link.at());
    fields.put("time", link.time().toString());
    fields.put("action", link.entry().action());
    fields.put("actor", link.entry().actor());
    fields.put("subject", link.entry().subject());
    fields.put("details", link.entry().details());
    fields.put("digest", Hex.of(link.digest()));
    return fields;
  }

  /** An entry as a line has it; of what is none, its number and why. */
  public static Map<String, Object> fields(Recorded recorded) {
    return switch (recorded) {
      case Recorded.Readable(Link link) -> fields(link);
      case Recorded.Unreadable(long seq, String why) -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seq", seq);
        fields.put("unreadable", why);
        yield fields;
      }
    };
  }

  /**
   * What became of a file, and whose it says that it is.
   *
   * @param fingerprint of the key that it names
   */
  public record Findings(Verdict verdict, String fingerprint) {}

  /**
   * Looks at all of one.
   *
   * @param known an entry that must be there
   * @throws SoleboxException {@code IO_ERROR} if it cannot be read, {@code INVALID_PARAMETER} if it
   *     is no log
   */
  public static Findings check(Path file, Optional<AuditCheck.Known> known) {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      PublicKey key = key(file, Optional.ofNullable(in.readLine()));
      List<Head> heads = new ArrayList<>();
      Optional<AuditCheck> check = Optional.empty();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Map<?, ?> fields = object(line);
        if (fields.containsKey("head") && check.isEmpty()) {
          heads.add(head(file, fields));
        } else {
          check = check.or(() -> Optional.of(new AuditCheck(heads, Optional.of(key), known)));
          check.get().take(entry(check.get().due(), fields));
        }
      }
      Verdict verdict =
          check.orElseGet(() -> new AuditCheck(heads, Optional.of(key), known)).verdict();
      return new Findings(verdict, BoxKey.fingerprint(key));
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The audit log cannot be read: " + e.getMessage() + ".",
          "Name a file of 'solebox audit export'.",
          e);
    }
  }

  private static PublicKey key(Path file, Optional<String> line) {
    Map<?, ?> fields = object(line.orElse(""));
    if (!Long.valueOf(VERSION).equals(fields.get(FORMAT))) {
      throw noLog(file);
    }
    return BoxKey.publicKey(String.valueOf(fields.get("key"))).orElseThrow(() -> noLog(file));
  }

  /** Without members where the line is no object. */
  private static Map<?, ?> object(String line) {
    try {
      Object value = READER.read(line.getBytes(StandardCharsets.UTF_8));
      return value instanceof Map<?, ?> object ? object : Map.of();
    } catch (JsonException e) {
      return Map.of();
    }
  }

  private static Head head(Path file, Map<?, ?> fields) {
    try {
      return new Head(
          (Long) fields.get("head"),
          (Long) fields.get("seq"),
          (Long) fields.get("at"),
          Hex.bytes((String) fields.get("digest")),
          (String) fields.get("key"),
          Hex.bytes((String) fields.get("signature")));
    } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
      throw noLog(file);
    }
  }

  /**
   * What is no entry is told as one that was changed.
   *
   * @param due its number, where it says none
   */
  private static Recorded entry(long due, Map<?, ?> fields) {
    long seq = fields.get("seq") instanceof Long number ? number : due;
    try {
      Map<String, String> details = new TreeMap<>();
      ((Map<?, ?>) fields.get("details"))
          .forEach((name, text) -> details.put((String) name, (String) text));
      String[] words = {
        (String) fields.get("action"), (String) fields.get("actor"), (String) fields.get("subject")
      };
      return Details.recorded(
          seq, (Long) fields.get("at"), words, details, Hex.bytes((String) fields.get("digest")));
    } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
      return new Recorded.Unreadable(seq, "it is no entry");
    }
  }

  private static SoleboxException noLog(Path file) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        "This is no audit log, or somebody has changed its head.",
        "Name a file of 'solebox audit export'.");
  }
}
