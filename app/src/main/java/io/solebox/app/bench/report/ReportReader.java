package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Figure.Point;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads reports, from JSON or from the page that has it inside. They come from other people. */
public final class ReportReader {
  private static final int LONGEST = 32 << 20;
  private static final JsonLimits LIMITS = new JsonLimits(LONGEST, 12, 1 << 16, 4_000_000);
  private static final int DIGEST = 64;
  private static final int MOST_TOKENS = 1 << 30;
  private static final int MOST_CLIENTS = 1 << 20;

  private final String file;

  private ReportReader(String file) {
    this.file = file;
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is no report of this version, or
   *     tells what nothing measures; {@code IO_ERROR}
   */
  public static BoxReport read(Path path) {
    String file = path.toString();
    byte[] bytes = bytes(path);
    String json = ReportPage.jsonOf(new String(bytes, StandardCharsets.UTF_8), file);
    try {
      Map<String, Object> all =
          new JsonReader(LIMITS).readObject(json.getBytes(StandardCharsets.UTF_8));
      return new ReportReader(file).report(new ReportFields(all, file, ""));
    } catch (JsonException e) {
      throw bad(file, "This is no whole JSON: " + e.getMessage() + ".");
    }
  }

  private static byte[] bytes(Path path) {
    try {
      if (Files.size(path) > LONGEST) {
        throw bad(path.toString(), "This is no report: it has more than 32 MiB.");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw unreadable(path, "There is no such file.", e);
    } catch (IOException e) {
      throw unreadable(path, "It cannot be read (" + e.getMessage() + ").", e);
    }
  }

  private static SoleboxException unreadable(Path path, String what, IOException e) {
    return new SoleboxException(
        ErrorCode.IO_ERROR, path.toString(), what, "Name two files of 'bench --report'.", e);
  }

  static SoleboxException bad(String file, String what) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file,
        what,
        "Make the report again with 'solebox bench MODEL --report FILE'.");
  }

  private BoxReport report(ReportFields all) {
    if (!all.has("schema") || !all.text("schema").equals(ReportJson.SCHEMA)) {
      throw bad(file, "This is JSON, and no report of 'solebox bench'.");
    }
    int version = all.count("version");
    if (version != ReportJson.VERSION) {
      throw bad(
          file,
          "This report is of version %d, and this Solebox reads version %d."
              .formatted(version, ReportJson.VERSION));
    }
    return new BoxReport(
        at(all),
        all.text("solebox"),
        all.text("command"),
        machine(all.object("machine")),
        model(all.object("model")),
        conditions(all.object("conditions")),
        figures(all),
        trace(all.object("trace")),
        all.texts("missing"),
        all.texts("notes"));
  }

  private static Instant at(ReportFields all) {
    try {
      return Instant.parse(all.text("at"));
    } catch (DateTimeException e) {
      throw all.bad("at", "is no moment");
    }
  }

  private static Machine machine(ReportFields of) {
    return new Machine(
        of.text("product"),
        of.text("cpu"),
        of.count("processors"),
        of.large("memory_bytes"),
        of.text("kernel"),
        of.text("driver"),
        of.text("device"),
        of.each("gpus", gpu -> gpu(gpu)));
  }

  private static Machine.Gpu gpu(ReportFields of) {
    return new Machine.Gpu(
        of.text("name"),
        of.text("address"),
        of.text("memory"),
        of.text("link"),
        of.text("power_limit"));
  }

  private static Subject model(ReportFields of) {
    return new Subject(
        of.text("name"),
        of.text("architecture"),
        of.text("format"),
        of.large("parameters"),
        of.large("bytes"),
        of.count("trained_context"),
        of.number("decode_bytes_per_token"),
        of.each("files", file -> part(file)));
  }

  private static Subject.ModelPart part(ReportFields of) {
    String sha256 = of.text("sha256");
    if (sha256.length() != DIGEST || !sha256.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw of.bad("sha256", "is no SHA-256");
    }
    return new Subject.ModelPart(of.text("name"), sha256);
  }

  private static Conditions conditions(ReportFields of) {
    return new Conditions(
        of.text("pace"),
        of.count("threads"),
        of.text("kv_type"),
        of.count("new_tokens"),
        of.count("client_prompt_tokens"),
        of.count("repetitions"),
        of.number("steady_seconds"));
  }

  private List<Figure> figures(ReportFields all) {
    List<Figure> figures = all.each("figures", each -> figure(each));
    Set<Figure.Key> keys = new HashSet<>();
    for (Figure figure : figures) {
      if (!keys.add(figure.key())) {
        throw bad(file, "This report tells twice: " + figure.title() + ".");
      }
    }
    return figures;
  }

  private static Figure figure(ReportFields of) {
    Quantity quantity =
        Quantity.of(of.text("quantity"))
            .orElseThrow(() -> of.bad("quantity", "is none that this version has"));
    if (!of.text("unit").equals(quantity.unit().word())) {
      throw of.bad("unit", "is not '" + quantity.unit().word() + "'");
    }
    Optional<Point> point =
        of.has("context")
            ? Optional.of(
                new Point(of.place("context", MOST_TOKENS), of.place("clients", MOST_CLIENTS)))
            : Optional.empty();
    return new Figure(quantity, point, of.text("by"), new Spread(of.runs()));
  }

  private static Trace trace(ReportFields of) {
    return new Trace(
        of.each(
            "stages",
            each ->
                new Trace.Stage(
                    each.text("name"), each.number("from_seconds"), each.number("to_seconds"))),
        of.each("lines", each -> line(each)),
        of.each("silent", each -> new Trace.Silent(each.text("name"), each.text("why"))));
  }

  private static Trace.Line line(ReportFields of) {
    Trace.What what =
        Trace.What.of(of.text("what")).orElseThrow(() -> of.bad("what", "is no kind of sensor"));
    List<Trace.Moment> moments = of.moments("moments");
    if (moments.isEmpty()) {
      throw of.bad("moments", "is empty");
    }
    return new Trace.Line(of.text("name"), what, moments);
  }
}
