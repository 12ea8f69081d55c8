package io.solebox.app.receipts;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.server.receipts.Fields;
import io.solebox.server.receipts.Receipt;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether a receipt is as it was signed, and by whom. Needs no model. */
@Command(
    name = "verify",
    description = "Say whether a receipt is, to the bit, as a box signed it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(arity = "1", paramLabel = "FILE", description = "A receipt, or an answer with one.")
  private Path file;

  @Mixin private Signer signer;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  VerifyCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Receipt receipt = ReceiptFile.read(file);
    signer.require(receipt, file.toString(), environment);
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("valid", true);
      fields.put("fingerprint", receipt.fingerprint());
      fields.put("receipt", receipt.fields().all());
      console.println(Json.text(fields));
    } else {
      print(receipt);
    }
    return 0;
  }

  private void print(Receipt receipt) {
    Fields fields = receipt.fields();
    console.println("valid: signed by " + receipt.fingerprint());
    row("id", fields.text("id"));
    row("time", fields.text("time"));
    row("asked by", fields.text("path"));
    row("model", fields.object("model").text("name"));
    for (Fields one : fields.object("model").objects("files")) {
      row("", "%s  %s".formatted(one.text("sha256"), one.text("name")));
    }
    Fields build = fields.object("build");
    row("build", "%s  %s".formatted(build.text("version"), build.text("sha256")));
    row("device", fields.object("machine").text("device"));
    for (Fields answer : fields.objects("answers")) {
      row("answer", told(answer));
    }
    row("limits", fields.text("limits"));
    if (receipt.inAnswer()) {
      console.error(
          "note: the receipt is intact; whether the text beside it is what it is about, 'solebox"
              + " replay' tells.");
    }
    if (receipt.salt().isEmpty()) {
      console.error("note: without its salt no prompt and no answer can be held against it.");
    }
  }

  private static String told(Fields answer) {
    return "%d tokens to %d, %s, seed %s"
        .formatted(
            answer.object("answer").number("tokens"),
            answer.object("prompt").number("tokens"),
            answer.text("stop_reason"),
            answer.object("sampling").text("seed"));
  }

  private void row(String name, String value) {
    console.println("%-9s %s".formatted(name, value));
  }
}
