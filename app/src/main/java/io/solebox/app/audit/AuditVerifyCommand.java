package io.solebox.app.audit;

import io.solebox.app.console.Console;
import io.solebox.app.console.Dates;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.StateArgument;
import io.solebox.server.audit.AuditBook;
import io.solebox.server.audit.AuditCheck.Known;
import io.solebox.server.audit.AuditFile;
import io.solebox.server.audit.Verdict;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether the log is as it was written. */
@Command(
    name = "verify",
    description = {
      "Look whether every entry of the audit log is as it was written, and in its place.",
      "Ends with 1 if somebody has changed it, and says which entry is the first that is wrong."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AuditVerifyCommand implements Callable<Integer> {
  private static final Pattern KNOWN = Pattern.compile("([1-9]\\d{0,17}):([0-9a-f]{64})");

  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;
  @Mixin private StateArgument state;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Look at a file of 'solebox audit export'; the box is not needed for that.")
  private Optional<Path> file;

  @Option(
      names = "--known",
      paramLabel = "SEQ:DIGEST",
      description =
          "A head that an earlier check has printed, and that you kept elsewhere: it must still be"
              + " there.")
  private Optional<String> known;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  AuditVerifyCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Optional<Known> wanted = known.map(this::read);
    Verdict verdict = file.map(its -> ofFile(its, wanted)).orElseGet(() -> ofBox(wanted));
    if (json) {
      console.println(Json.text(fields(verdict)));
    } else {
      print(verdict);
    }
    return switch (verdict) {
      case Verdict.Sound _ -> 0;
      case Verdict.Broken _ -> 1;
    };
  }

  private Verdict ofBox(Optional<Known> wanted) {
    try (AuditBook book = AuditBook.open(state.folder(environment))) {
      return book.check(wanted);
    }
  }

  private Verdict ofFile(Path export, Optional<Known> wanted) {
    AuditFile.Findings findings = AuditFile.check(export, wanted);
    console.error(
        "note: "
            + export
            + " says that it was signed with the key "
            + findings.fingerprint()
            + "; 'solebox box key' shows that of the box.");
    return findings.verdict();
  }

  private Known read(String text) {
    Matcher parts = KNOWN.matcher(text);
    if (!parts.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--known %s: this is no head; write its number, a colon, and its digest".formatted(text));
    }
    return new Known(Long.parseLong(parts.group(1)), parts.group(2));
  }

  private void print(Verdict verdict) {
    switch (verdict) {
      case Verdict.Broken(_, String what) ->
          console.println("The audit log was tampered with. " + what);
      case Verdict.Sound(long entries, long unsigned, var head) -> {
        console.println(
            "The audit log is as it was written: %d %s."
                .formatted(entries, entries == 1 ? "entry" : "entries"));
        head.ifPresent(
            its ->
                console.println(
                    "The box has signed it up to %d:%s, at %s."
                        .formatted(
                            its.seq(),
                            HexFormat.of().formatHex(its.digest()),
                            Dates.minute(its.time()))));
        if (unsigned > 0) {
          console.println(
              "%d behind that %s not signed yet: whether something was cut off at the very end"
                      .formatted(unsigned, unsigned == 1 ? "is" : "are")
                  + " cannot be known.");
        }
      }
    }
  }

  private static Map<String, Object> fields(Verdict verdict) {
    Map<String, Object> fields = new LinkedHashMap<>();
    switch (verdict) {
      case Verdict.Broken(long seq, String what) -> {
        fields.put("sound", false);
        fields.put("first_bad", seq);
        fields.put("message", what);
      }
      case Verdict.Sound(long entries, long unsigned, var head) -> {
        fields.put("sound", true);
        fields.put("entries", entries);
        fields.put("unsigned", unsigned);
        head.ifPresent(
            its -> {
              fields.put("head", its.seq() + ":" + HexFormat.of().formatHex(its.digest()));
              fields.put("signed_at", its.time().toString());
              fields.put("key", its.key());
            });
      }
    }
    return fields;
  }
}
