package io.solebox.app.serve;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.DraftOptions;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.InstalledReader;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.ModelUse;
import io.solebox.app.session.OwnLook;
import io.solebox.app.session.OwnSpeeds;
import io.solebox.app.session.PassphraseArgument;
import io.solebox.app.session.TemplateOptions;
import io.solebox.app.session.TransferArguments;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.host.Catalog;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import io.solebox.server.accounts.Invitations.MadeCode;
import io.solebox.server.backup.BoxBackup;
import io.solebox.server.box.GapProver;
import io.solebox.server.plan.Planning;
import io.solebox.server.scout.Scouting;
import io.solebox.server.tls.Fingerprint;
import io.solebox.server.tls.Tls;
import io.solebox.server.update.Updating;
import io.solebox.store.pull.source.HubSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The HTTP server; ends at SIGTERM or Ctrl-C, when running answers are through. */
@Command(
    name = "serve",
    description = "Serve models through the OpenAI API and a page for the browser.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ServeCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** By which whoever has started it knows that it is to be started again (EX_TEMPFAIL). */
  private static final int AGAIN = 75;

  /** What systemd gives to all that it starts. */
  private static final String STARTED_BY_SYSTEMD = "INVOCATION_ID";

  private final Console console;
  private final ModelLocator locator;
  private final Environment environment;
  private final GapProver prover;
  private final Planning planning;
  private final Scouting scouting;
  private final Updating updates;
  private final Backups backups;

  /** What the process ends with after a signal, or where it is to be started again. */
  private final AtomicInteger ending = new AtomicInteger(ExitCode.OK);

  /** Makes backups of a box. */
  @FunctionalInterface
  public interface Backups {
    /**
     * @param state the folder of the server
     * @param restart ends the server, for whoever starts it again; empty where nobody does
     */
    BoxBackup of(Path state, Optional<Runnable> restart);
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "Paths or names of models; as NAME=MODEL it is offered under NAME instead of its file's"
              + " name.")
  private List<String> models = List.of();

  @Option(
      names = "--host",
      defaultValue = ServerConfig.DEFAULT_HOST,
      description =
          "Address to listen on; beyond this machine it takes --accounts or --api-key-file."
              + " Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "" + ServerConfig.DEFAULT_PORT,
      description = "Port to listen on; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Longest sequences that the KV cache holds at once, for each model. Default:"
              + " ${DEFAULT-VALUE}.")
  private int parallel;

  @Option(
      names = "--alias",
      paramLabel = "ALIAS[=NAME]",
      description = "A further name for a model, or for the only one. Can be given several times.")
  private List<String> aliases = List.of();

  @Option(
      names = "--any-name",
      description = "The only model answers whatever name a request gives.")
  private boolean anyName;

  @Option(
      names = "--max-waiting",
      paramLabel = "N",
      defaultValue = "" + ServerConfig.DEFAULT_MAX_WAITING,
      description =
          "Requests that may wait for a model; further ones get 429. Default: ${DEFAULT-VALUE}.")
  private int maxWaiting;

  @Option(
      names = "--adapter",
      paramLabel = "[MODEL:]NAME=FILE",
      description =
          "A LoRA adapter: clients choose it with MODEL:NAME in place of MODEL. Can be given"
              + " several times. Those in a folder MODEL.adapters beside a model's file are offered"
              + " as well.")
  private List<String> adapters = List.of();

  @Option(
      names = "--adapter-scale",
      paramLabel = "[MODEL:]NAME=X",
      description = "How much of an adapter; 1 is as it was trained. Can be given several times.")
  private List<String> adapterScales = List.of();

  @Option(
      names = "--only",
      description = "Offer the named models alone, and not what the store has besides.")
  private boolean only;

  @Mixin private TransferArguments transfer;
  @Mixin private AccessOptions access;
  @Mixin private TlsOptions tls;
  @Mixin private StoreOptions store;
  @Mixin private PassphraseArgument passphrase;
  @Mixin private HostOptions hosting;
  @Mixin private CacheOptions cache;
  @Mixin private WatchOptions watching;
  @Mixin private TemplateOptions template;
  @Mixin private DraftOptions draft;
  @Mixin private McpOptions mcp;
  @Mixin private KnowledgeOptions knowledge;
  @Mixin private GuardOptions guard;
  @Mixin private EngineOptions engine;

  /**
   * @param prover what proves the air gap where administrators ask for it
   * @param planning says to administrators what models would need
   * @param scouting shows them what the scout keeps
   * @param updates says what an update is worth that they send
   * @param backups of the whole box, for them
   */
  public ServeCommand(
      Console console,
      Environment environment,
      GapProver prover,
      Planning planning,
      Scouting scouting,
      Updating updates,
      Backups backups) {
    this.scouting = scouting;
    this.updates = updates;
    this.backups = backups;
    this.prover = prover;
    this.planning = planning;
    this.console = console;
    this.locator = new ModelLocator(environment);
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (parallel < 1 || parallel > LoadOptions.MAX_PARALLEL) {
      throw new ParameterException(
          spec.commandLine(),
          "--parallel is " + parallel + ", but must be 1 to " + LoadOptions.MAX_PARALLEL);
    }
    if (maxWaiting < 1) {
      throw new ParameterException(
          spec.commandLine(), "--max-waiting is " + maxWaiting + ", but must be at least 1");
    }
    store.check();
    access.check(environment);
    tls.check();
    engine.check();
    hosting.check();
    cache.check();
    draft.check();
    mcp.check(environment);
    knowledge.check();
    if (draft.namesModel() && models.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--draft is for one model, and several are to be served");
    }
    if (template.replacesTemplate() && models.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--chat-template is for one model, and several are to be served");
    }
    ServedModels served = ServedModels.of(models, aliases, anyName, locator, spec.commandLine());
    served.requireNames("--pin", hosting.pins(), spec.commandLine());
    HardwareCare care = guard.care(environment, console);
    ServerConfig config = config(served).withGuard(care::ruling);
    if (cache.savesInTheClear(config.prefixSeal())) {
      console.error(
          "note: with --no-store there is no key, so --kv-save writes what was asked in the clear");
    }
    var offered = ServedAdapters.of(served.files(), adapters, adapterScales, spec.commandLine());
    LoadOptions common =
        engine
            .loadOptions(parallel)
            .withSpill(cache.spill(config.prefixSeal(), environment, console))
            .withWeights(config.userWeights())
            .withPace(care);
    LoadOptions options =
        common.withChat(template.read(console)).withSpeculation(draft.speculation(locator));
    // What is said of one model is not meant for all that the store has.
    LoadOptions ofStore = template.replacesTemplate() || draft.namesModel() ? common : options;
    try (var _ = ModelUse.of(served.files().values(), options, "serves it")) {
      Catalog started = served.catalog(options, offered);
      Optional<ServedStore> stored = only ? Optional.empty() : Optional.of(store(started, ofStore));
      return serve(config, care, new Serving.Offered(started, stored));
    }
  }

  private ServedStore store(Catalog started, LoadOptions options) {
    var pulls =
        new ServerPulls.Settings(
            transfer.network(environment),
            transfer.options(),
            () -> HubSettings.of(environment.variables(), environment.home()),
            environment.foreignModels()::candidates);
    return new ServedStore(started, options, console, pulls, environment);
  }

  private int serve(ServerConfig config, HardwareCare care, Serving.Offered offered)
      throws InterruptedException {
    Engine device = engine.open(hosting.memoryBytes());
    List<String> names = offered.started().names();
    var reporter = new LoadReporter(console, Set.copyOf(names));
    ServerConfig knowing =
        config
            .withMemorySpeed(new OwnReads(new OwnSpeeds(environment, device, engine.kvType())))
            .withSampler(care.measure().sampler())
            .withPricePerKwh(care.pricePerKwh())
            .withDoctor(() -> OwnLook.examine(environment, why -> console.error("note: " + why)));
    Serving serving = Serving.start(knowing, device, care, offered, reporter, hosting.keepAlive());
    var ended = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> endBySignal(serving, ended), "solebox-shutdown"));
    String url = url(serving.server());
    announce("Solebox listens on " + url);
    serving
        .server()
        .tls()
        .ifPresentOrElse(encrypted -> tell(encrypted, url), this::warnOfPlainConnections);
    serving.server().setUpCode().ifPresent(this::tellSetUpCode);
    if (serving.server().awaitsSetUp()) {
      console.error(
          "Nobody has set it up yet: "
              + url
              + "/setup, with the code that 'solebox host screen' shows.");
    }
    console.error(device.device() + ". Ctrl-C stops.");
    environment.airGap().told().ifPresent(console::error);
    device.notes().forEach(note -> console.error("note: " + note));
    care.trouble().ifPresent(why -> console.error("note: " + why));
    hosting.pins().forEach(serving.host()::pin);
    names.forEach(serving.host()::preload);
    reporter.awaitAllFailed();
    if (ended.compareAndSet(false, true)) {
      serving.close();
    }
    return ExitCode.SOFTWARE;
  }

  private ServerConfig config(ServedModels served) {
    ServerConfig config =
        ServerConfig.defaults()
            .withHost(host)
            .withPort(port)
            .withNames(served.aliases(), anyName)
            .withWatching(watching.watching())
            .withProver(prover)
            .withPlanning(planning)
            .withScouting(scouting)
            .withUpdates(updates)
            .withDocuments(InstalledReader.open())
            .withAirGapped(environment.airGap() instanceof AirGap.Closed)
            .withMachine(environment.dataFolder())
            .withMaxWaiting(maxWaiting)
            .withPassphrase(passphrase.source(console));
    ServerConfig storing = knowledge.apply(backed(store.apply(config, environment)));
    return mcp.apply(access.apply(tls.apply(storing, store.folder(environment)), environment));
  }

  /** A backup that lies ready takes its place before anything of the state is opened. */
  private ServerConfig backed(ServerConfig config) {
    if (config.stateFile().isEmpty()) {
      return config;
    }
    Optional<Runnable> restart =
        environment.variables().containsKey(STARTED_BY_SYSTEMD)
            ? Optional.of(this::restart)
            : Optional.empty();
    BoxBackup backup = backups.of(store.folder(environment), restart);
    backup.finish().ifPresent(console::error);
    return config.withBackup(backup);
  }

  private void restart() {
    ending.set(AGAIN);
    Thread.ofPlatform().name("restart").start(() -> System.exit(AGAIN));
  }

  private void tellSetUpCode(MadeCode made) {
    console.error(
        "Nobody has an account yet. Whoever enters this code first is the administrator, until %s:"
            .formatted(made.expires()));
    console.error("  " + made.code());
    console.error("Or, on this machine: solebox users add NAME --role admin");
  }

  /** A reader of stdout who is gone is no reason not to serve. */
  private void announce(String line) {
    try {
      console.println(line);
    } catch (Console.OutputClosedException e) {
      console.error(line);
    }
  }

  /** Runs in the shutdown hook, and ends the process with what was meant, and not with 143. */
  private void endBySignal(Serving serving, AtomicBoolean ended) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      console.error(
          "Stopping: running answers have %d seconds to end.".formatted(DRAIN.toSeconds()));
      serving.host().stopLoading();
      serving.server().drain(DRAIN);
      serving.close();
      console.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(ending.get());
    }
  }

  private void warnOfPlainConnections() {
    if (!isLocal() && !access.namesProxy()) {
      console.error(tls.warning());
    }
  }

  private boolean isLocal() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // the server listens on it
    }
  }

  /** How people learn whom they speak to. */
  private void tell(Tls encrypted, String url) {
    encrypted
        .authority()
        .ifPresentOrElse(
            authority -> {
              console.error("Its certificate is from this machine's own authority, SHA-256");
              console.error("  " + Fingerprint.of(authority));
              console.error("To trust it: " + url + "/tls, or 'solebox cert'.");
            },
            () -> console.error("Its certificate: " + Fingerprint.of(encrypted.certificate())));
  }

  private String url(SoleboxServer server) {
    try {
      // A wildcard address is no address to call.
      String name = InetAddress.getByName(host).isAnyLocalAddress() ? "localhost" : host;
      String scheme = server.tls().isPresent() ? "https://" : "http://";
      return scheme + (name.contains(":") ? "[" + name + "]" : name) + ":" + server.port();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // the server listens on it
    }
  }
}
