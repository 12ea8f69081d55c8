package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.app.session.CleanupNotes;
import io.solebox.store.cleanup.Cleanup;
import io.solebox.store.cleanup.CleanupRule;
import io.solebox.store.cleanup.Leaver;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sets when models leave by themselves, and shows which will. */
@Command(
    name = "cleanup",
    description =
        "Set when models leave the store by themselves, each announced a day before; never those"
            + " that are pinned or in use. Without options: show the rule, and what is announced.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CleanupCommand implements Callable<Integer> {
  private final Models models;

  @Spec private CommandSpec spec;

  @Option(
      names = "--keep-free",
      paramLabel = "SIZE",
      description = "Let the least recently used leave while less is free on the disk.")
  private Optional<String> keepFree = Optional.empty();

  @Option(
      names = "--at-most",
      paramLabel = "SIZE",
      description = "The same while all models together are larger.")
  private Optional<String> atMost = Optional.empty();

  @Option(
      names = "--unused",
      paramLabel = "DAYS",
      description = "Let models leave that nobody used for so many days.")
  private Optional<Integer> unused = Optional.empty();

  @Option(names = "--off", description = "Let nothing leave by itself, as it is at first.")
  private boolean off;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CleanupCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    boolean sets = keepFree.isPresent() || atMost.isPresent() || unused.isPresent();
    if (off && sets) {
      throw new ParameterException(spec.commandLine(), "--off excludes the other options");
    }
    if (unused.filter(days -> days < 1).isPresent()) {
      throw new ParameterException(spec.commandLine(), "--unused must be at least 1");
    }
    Cleanup cleanup = models.cleanup();
    if (off) {
      cleanup.set(CleanupRule.OFF);
    } else if (sets) {
      OptionalLong days =
          unused.map(n -> OptionalLong.of(n.longValue())).orElse(OptionalLong.empty());
      cleanup.set(new CleanupRule(size("--keep-free", keepFree), size("--at-most", atMost), days));
    }
    Cleanup.Report report = cleanup.run(Instant.now());
    if (json) {
      models.json(fields(cleanup.rule(), report));
    } else {
      models.console().println(said(cleanup.rule()));
      CleanupNotes.report(models.console(), report);
    }
    return 0;
  }

  private OptionalLong size(String option, Optional<String> text) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong bytes = Units.bytesOf(text.get());
    if (bytes.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), option + " " + text.get() + " is no size; write as in 20GiB");
    }
    return bytes;
  }

  private static String said(CleanupRule rule) {
    if (rule.isOff()) {
      return "Nothing leaves by itself.";
    }
    var said = new StringBuilder("Models leave");
    rule.unusedDays().ifPresent(days -> said.append(" that nobody used for " + days + " days,"));
    rule.freeBytes()
        .ifPresent(b -> said.append(" while less than " + Units.bytes(b) + " are free,"));
    rule.mostBytes()
        .ifPresent(b -> said.append(" while all are larger than " + Units.bytes(b) + ","));
    said.setCharAt(said.length() - 1, '.');
    return said.toString();
  }

  private static Map<String, Object> fields(CleanupRule rule, Cleanup.Report report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rule", rule.fields());
    fields.put(
        "announced",
        report.announced().entrySet().stream().map(e -> fields(e.getKey(), e.getValue())).toList());
    fields.put(
        "removed", report.removed().stream().map(leaver -> leaver.name().toString()).toList());
    return fields;
  }

  private static Map<String, Object> fields(Leaver leaver, Instant when) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", leaver.name().toString());
    fields.put("reason", leaver.reason().name().toLowerCase(Locale.ROOT));
    fields.put("bytes", leaver.bytes());
    fields.put("not_before", when.toString());
    return fields;
  }
}
