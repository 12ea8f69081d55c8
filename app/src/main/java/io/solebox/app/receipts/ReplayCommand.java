package io.solebox.app.receipts;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.AnswersOnly;
import io.solebox.app.session.ModelUse;
import io.solebox.app.session.TemplateOptions;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.SourceFile;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.Replayer;
import io.solebox.server.receipts.Comparison;
import io.solebox.server.receipts.Fields;
import io.solebox.server.receipts.FileDigests;
import io.solebox.server.receipts.Receipt;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Computes the answers of a receipt again, and says whether they are the same to the bit. */
@Command(
    name = "replay",
    description = "Answer the request of a receipt again, and say whether all bits are the same.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit codes: 0 the same bits, 1 failed, 2 wrong usage, 3 other bits."})
public final class ReplayCommand implements Callable<Integer> {
  private static final int OTHER_BITS = 3;

  private final Console console;
  private final Environment environment;

  @Parameters(
      arity = "1",
      paramLabel = "RECEIPT",
      description = "A receipt, or an answer with one.")
  private Path file;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "FILE",
      description =
          "The request: the JSON body as it was sent; of completions also the prompt alone.")
  private Path request;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "A path or a name. Default: the model of the store that has the same files.")
  private Optional<String> model;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Mixin private AdapterArgument adapter;
  @Mixin private TemplateOptions template;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  public ReplayCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    Receipt receipt = ReceiptFile.read(file);
    receipt.again(); // what cannot be replayed is told before anything is loaded
    Map<String, Object> body = ReplayedRequest.read(request, receipt);
    ReplayedModel models = ReplayedModel.of(environment);
    Path found = models.find(model, receipt.fields().object("model"));
    var digests = new FileDigests(models::digest, Clock.systemUTC());
    Optional<Receipt> again = again(receipt, body, found, digests);
    if (again.isEmpty()) {
      return otherPrompt();
    }
    Comparison comparison = Comparison.of(receipt.fields(), again.get().fields());
    if (json) {
      console.println(Json.text(told(comparison)));
    } else {
      print(receipt.fields(), comparison);
    }
    return comparison.sameBits() ? 0 : OTHER_BITS;
  }

  private Optional<Receipt> again(
      Receipt receipt, Map<String, Object> body, Path found, FileDigests digests)
      throws InterruptedException {
    LoadOptions load = options(receipt.fields().object("settings"));
    String name = ReplayedModel.base(receipt.fields().object("model"));
    var offers = List.of(new Catalog.Offer(name, found, load));
    int threads = Runtime.getRuntime().availableProcessors();
    try (var _ = ModelUse.of(found, load, "replays with it");
        Engine engine = Engine.open(device, threads);
        var host =
            new ModelHost(engine, Catalog.of(offers), new AnswersOnly(), new LoadWatcher() {});
        var bar = new ProgressBar(console, name)) {
      engine.notes().forEach(note -> console.error("note: " + note));
      awaitDigests(found, load, digests, bar);
      try (var _ = host.use(name, bar)) {
        bar.wipe();
        return new Replayer(host, digests).again(receipt, body);
      }
    }
  }

  private LoadOptions options(Fields settings) {
    KvType kvType = KvType.valueOf(settings.text("kv_type").toUpperCase(Locale.ROOT));
    return adapter.with(
        LoadOptions.defaults()
            .withContext(Math.toIntExact(settings.number("context_tokens")))
            .withKvType(kvType)
            .withChat(template.read(console)));
  }

  /** A file of the store is known; of others a long one takes a while. */
  private static void awaitDigests(
      Path found, LoadOptions load, FileDigests digests, ProgressBar bar)
      throws InterruptedException {
    List<Path> paths = new ArrayList<>(SourceFile.filesOf(found));
    load.adapters().forEach(one -> paths.addAll(SourceFile.filesOf(one.path())));
    for (Path path : paths) {
      SourceFile source = SourceFile.of(path);
      while (digests.await(source, 100, TimeUnit.MILLISECONDS).isEmpty()) {
        bar.report("reading", digests.fraction(source).orElse(0));
      }
    }
  }

  private int otherPrompt() {
    if (json) {
      console.println(Json.text(Map.of("same_bits", false, "differs", List.of("prompt"))));
    } else {
      console.println(
          "other bits: the request makes another prompt than the receipt's, so nothing was"
              + " computed");
    }
    return OTHER_BITS;
  }

  private static Map<String, Object> told(Comparison comparison) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("same_bits", comparison.sameBits());
    fields.put(
        "differs", comparison.ingredients().stream().map(Comparison.Difference::what).toList());
    List<Object> departures = new ArrayList<>();
    for (Comparison.Departure each : comparison.departures()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("answer", each.answer());
      one.put("from_token", each.from());
      one.put("to_token", each.to());
      departures.add(one);
    }
    fields.put("departures", departures);
    return fields;
  }

  private void print(Fields receipt, Comparison comparison) {
    if (comparison.sameBits()) {
      console.println("the same bits: " + counted(receipt));
    }
    for (Comparison.Departure each : comparison.departures()) {
      console.println(
          "other bits: answer %d is the same up to token %d, and another one before token %d"
              .formatted(each.answer(), each.from(), each.to()));
    }
    for (Comparison.Difference each : comparison.ingredients()) {
      console.println(
          "%s differs: %s then, %s now".formatted(each.what(), each.then(), each.now()));
    }
    if (!comparison.sameBits()) {
      console.println("limits of the receipt: " + receipt.text("limits"));
    }
  }

  private static String counted(Fields receipt) {
    List<Fields> answers = receipt.objects("answers");
    long tokens = answers.stream().mapToLong(each -> each.object("answer").number("tokens")).sum();
    return answers.size() == 1
        ? "%d tokens".formatted(tokens)
        : "%d tokens in %d answers".formatted(tokens, answers.size());
  }
}
