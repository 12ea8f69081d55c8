package io.solebox.app.receipts;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
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
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.Replayer;
import io.solebox.server.Replayer.Replayed;
import io.solebox.server.Replayer.Turn;
import io.solebox.server.receipts.Fields;
import io.solebox.server.receipts.FileDigests;
import io.solebox.server.receipts.Receipt;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
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
    footer = {
      "",
      "Exit codes: 0 the same bits, 1 failed, 2 wrong usage, 3 other bits or another answer."
    })
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

  @Option(
      names = "--earlier",
      paramLabel = "FILE",
      description =
          "What a response goes on from, where its request names one or a conversation: requests"
              + " and responses as they were sent, the oldest first, or an exported conversation."
              + " Repeatable.")
  private List<Path> earlier = List.of();

  @Option(
      names = "--answer",
      paramLabel = "FILE",
      description =
          "Also say whether this is the answer that was signed: the JSON that the API gave, or the"
              + " text alone.")
  private Optional<Path> answer;

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
    Map<String, Object> body = ReplayedRequest.read(request, receipt);
    List<Turn> turns = EarlierFiles.read(earlier);
    Replayer.check(receipt, body, turns); // before anything is loaded
    Optional<GivenAnswer> given = answer.map(its -> GivenAnswer.read(its, receipt));
    ReplayedModel models = ReplayedModel.of(environment);
    Path found = models.find(model, receipt.fields().object("model"));
    var digests = new FileDigests(models::digest, Clock.systemUTC());
    LoadOptions load = options(receipt.fields().object("settings"));
    String name = ReplayedModel.base(receipt.fields().object("model"));
    var catalog = Catalog.of(List.of(new Catalog.Offer(name, found, load)));
    int threads = Runtime.getRuntime().availableProcessors();
    try (var _ = ModelUse.of(found, load, "replays with it");
        Engine engine = Engine.open(device, threads);
        var host = new ModelHost(engine, catalog, new AnswersOnly(), new LoadWatcher() {});
        var bar = new ProgressBar(console, name)) {
      engine.notes().forEach(note -> console.error("note: " + note));
      awaitDigests(found, load, digests, bar);
      try (Lease lease = host.use(name, bar)) {
        bar.wipe();
        Optional<Replayed> again = new Replayer(host, digests).again(receipt, body, turns);
        return tell(
            again.map(its -> ReplayReport.of(receipt, its, given, lease.model().tokenizer())));
      }
    }
  }

  private int tell(Optional<ReplayReport> report) {
    if (report.isEmpty()) {
      ReplayReport.tellOtherPrompt(console, json);
      return OTHER_BITS;
    }
    report.get().tell(console, json);
    return report.get().holds() ? 0 : OTHER_BITS;
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
}
