package io.solebox.app.audit;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.StateArgument;
import io.solebox.server.audit.AuditBook;
import io.solebox.server.audit.Head;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The log as a file. */
@Command(
    name = "export",
    description = {
      "Sign the end of the audit log, and write all of it to a file, with the public key.",
      "'solebox audit verify --file FILE' looks at it on any machine."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AuditExportCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(paramLabel = "FILE", description = "A new file.")
  private Path file;

  @Mixin private StateArgument state;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  AuditExportCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (AuditBook book = AuditBook.open(state.folder(environment))) {
      Head head = book.export(file);
      String known = head.seq() + ":" + HexFormat.of().formatHex(head.digest());
      if (json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", file.toString());
        fields.put("entries", head.seq());
        fields.put("head", known);
        fields.put("key", head.key());
        console.println(Json.text(fields));
      } else {
        console.println("%s has %d entries, signed up to %s.".formatted(file, head.seq(), known));
        console.println("The key that signed has the fingerprint " + head.key() + ".");
      }
      return 0;
    }
  }
}
