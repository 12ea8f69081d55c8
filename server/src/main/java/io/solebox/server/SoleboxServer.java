package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.AdminApi;
import io.solebox.server.accounts.Invitations.MadeCode;
import io.solebox.server.accounts.OwnDataApi;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.anthropic.AnthropicApi;
import io.solebox.server.audit.AuditApi;
import io.solebox.server.audit.AuditBook;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.audit.Entry;
import io.solebox.server.backup.BackupApi;
import io.solebox.server.batches.BatchesApi;
import io.solebox.server.box.BoxKey;
import io.solebox.server.chats.ChatsApi;
import io.solebox.server.describe.DescribeApi;
import io.solebox.server.desk.BoxApi;
import io.solebox.server.files.FileStore;
import io.solebox.server.files.FilesApi;
import io.solebox.server.hardware.HardwareApi;
import io.solebox.server.health.HealthApi;
import io.solebox.server.health.MetricsApi;
import io.solebox.server.host.HostApi;
import io.solebox.server.host.HostDesk;
import io.solebox.server.http.Api;
import io.solebox.server.http.AuditTrail;
import io.solebox.server.http.Faults;
import io.solebox.server.http.HttpServer;
import io.solebox.server.http.InFlight;
import io.solebox.server.http.Listening;
import io.solebox.server.http.Observers;
import io.solebox.server.knowledge.DocumentSearch;
import io.solebox.server.knowledge.KnowledgeApi;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.limits.Charges;
import io.solebox.server.llama.LlamaApi;
import io.solebox.server.manage.KeepApi;
import io.solebox.server.manage.ManageApi;
import io.solebox.server.manage.RunningApi;
import io.solebox.server.manage.ShelfApi;
import io.solebox.server.models.Estimates;
import io.solebox.server.models.HardwareState;
import io.solebox.server.models.ModelNames;
import io.solebox.server.models.Models;
import io.solebox.server.ollama.OllamaApi;
import io.solebox.server.openai.OpenAiApi;
import io.solebox.server.plan.PlanApi;
import io.solebox.server.receipts.FileDigests;
import io.solebox.server.receipts.Receipts;
import io.solebox.server.responses.ResponsesApi;
import io.solebox.server.scout.ScoutApi;
import io.solebox.server.seal.Belongings;
import io.solebox.server.seal.Vault;
import io.solebox.server.setup.SetUp;
import io.solebox.server.setup.SetUpApi;
import io.solebox.server.share.ShareApi;
import io.solebox.server.storage.Keeping;
import io.solebox.server.tls.Fingerprint;
import io.solebox.server.tls.Tls;
import io.solebox.server.tls.TlsConfig;
import io.solebox.server.tools.AllowedTools;
import io.solebox.server.tools.Approvals;
import io.solebox.server.tools.Toolbox;
import io.solebox.server.tools.ToolsApi;
import io.solebox.server.tools.basic.BasicTools;
import io.solebox.server.tools.mcp.McpTools;
import io.solebox.server.update.TrialState;
import io.solebox.server.update.UpdateApi;
import io.solebox.server.update.UpdateFolder;
import io.solebox.server.usage.UsageApi;
import io.solebox.server.usage.UsagePage;
import io.solebox.server.web.TrustPage;
import io.solebox.server.web.WebPage;
import io.solebox.storage.Database;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The HTTP server: {@code /health}, APIs that speak as OpenAI's, Anthropic's, Ollama's and
 * llama-server's do, and a page at {@code /}. It can be started before any model is loaded:
 * requests load what they name. The host stays its owner's, to be closed after the server.
 */
public final class SoleboxServer implements AutoCloseable {
  /** So long a tool of a model may take. */
  private static final Duration TOOL_PATIENCE = Duration.ofMinutes(2);

  private final HttpServer http;
  private final List<Api> apis;
  private final ResponsesApi responses;
  private final ChatsApi pageChats;
  private final McpTools mcp;
  private final BatchesApi batches;
  private final KnowledgeApi knowledge;
  private final HardwareApi hardware;
  private final Optional<Retention> retention;
  private final Optional<ServerAudit> audit;
  private final Access access;
  private final Entrance entrance;
  private final Optional<SetUp> setUp;
  private final Optional<Tls> tls;

  private SoleboxServer(
      HttpServer http,
      List<Api> apis,
      ResponsesApi responses,
      ChatsApi pageChats,
      McpTools mcp,
      BatchesApi batches,
      KnowledgeApi knowledge,
      HardwareApi hardware,
      Optional<Retention> retention,
      Optional<ServerAudit> audit,
      Access access,
      Entrance entrance,
      Optional<SetUp> setUp,
      Optional<Tls> tls) {
    this.http = http;
    this.apis = apis;
    this.responses = responses;
    this.pageChats = pageChats;
    this.mcp = mcp;
    this.batches = batches;
    this.knowledge = knowledge;
    this.hardware = hardware;
    this.retention = retention;
    this.audit = audit;
    this.access = access;
    this.entrance = entrance;
    this.setUp = setUp;
    this.tls = tls;
  }

  /**
   * Starts to listen.
   *
   * @throws SoleboxException if the address cannot be used, or if it is beyond loopback and there
   *     are no keys, or accounts and no encryption
   */
  public static SoleboxServer start(ServerConfig config, ModelHost models) {
    return start(config, models, Optional.empty());
  }

  /**
   * The same with models that come and go: what its APIs are asked to fetch, copy and remove.
   *
   * @param library whose models are among those of the host
   */
  public static SoleboxServer start(ServerConfig config, ModelHost models, ModelLibrary library) {
    return start(config, models, Optional.of(library));
  }

  private static SoleboxServer start(
      ServerConfig config, ModelHost models, Optional<ModelLibrary> library) {
    InetAddress address = resolve(config.host());
    Faults faults = new Faults(System.err);
    settleTrial(config);
    Access access = Access.of(config, address, Clock.system(ZoneId.systemDefault()), faults);
    Optional<Tls> tls = Optional.empty();
    try {
      tls = config.tls().map(each -> encryption(each, config, address));
      var listening =
          new Listening(
              new InetSocketAddress(address, config.port()),
              tls,
              config.tls().map(TlsConfig::redirectPort).orElse(OptionalInt.empty()),
              config.proxies());
      return start(config, listening, access, faults, models, library);
    } catch (RuntimeException e) {
      tls.ifPresent(Tls::close);
      access.close();
      throw e;
    }
  }

  private static Tls encryption(TlsConfig tls, ServerConfig config, InetAddress address) {
    return Tls.open(
        tls,
        address,
        config.host(),
        config.allowedHosts(),
        note -> System.err.println("tls: " + note));
  }

  private static SoleboxServer start(
      ServerConfig config,
      Listening listening,
      Access access,
      Faults faults,
      ModelHost host,
      Optional<ModelLibrary> library) {
    JsonWriter json = new JsonWriter();
    Observers observers = observers(config.watching(), json);
    InFlight inFlight = new InFlight();
    Clock clock = Clock.system(ZoneId.systemDefault());
    Models models =
        new Models(
            host,
            new ModelNames(config.aliases(), config.anyName()),
            library,
            config.loadWait(),
            config.maxWaiting(),
            observers.counters(),
            access.usage().<Charges>map(its -> its).orElse(Charges.NONE),
            receipts(config, library, clock),
            new HardwareState(config.guard()));
    int maxBody = config.limits().maxBodyBytes();
    Optional<Database> database = access.database();
    database
        .filter(d -> !d.lookedOver())
        .ifPresent(
            _ ->
                System.err.println(
                    "note: the state is too large to look at all of it at a start; 'solebox state"
                        + " check' does."));
    Keeping keeping = access.keeping();
    Optional<Vault> vault =
        database.map(d -> Vault.open(d, config.passphrase(), keeping, System.err));
    vault.ifPresent(v -> config.seal().is(v::prefixSeal));
    Optional<ServerAudit> audit = database.map(d -> audit(d, config, faults));
    Estimates estimates = new Estimates(models, config.memorySpeed());
    OpenAiApi chats = new OpenAiApi(json, models, clock, maxBody, faults, vault, estimates);
    Api openai = chats.api();
    Optional<FileStore> files =
        vault.map(
            v -> new FileStore(v, config.stateFile().orElseThrow().resolveSibling("files"), clock));
    KnowledgeApi knowledge =
        new KnowledgeApi(
            json,
            models,
            clock,
            maxBody,
            access.gate().callers()::owner,
            new KnownPeople(access.accounts()),
            faults,
            observers,
            config.documents(),
            config.watched(),
            vault,
            files);
    McpTools mcp = new McpTools(config.mcp());
    ResponsesApi responses =
        new ResponsesApi(
            json, models, clock, maxBody, faults, observers, vault, knowledge.lookup());
    Toolbox toolbox =
        new Toolbox(
            List.of(
                BasicTools.with(clock), () -> List.of(new DocumentSearch(knowledge.lookup())), mcp),
            new AllowedTools(database),
            new KnownPeople(access.accounts()),
            faults,
            TOOL_PATIENCE);
    Approvals approvals = new Approvals(database);
    ChatsApi pageChats =
        new ChatsApi(
            json,
            models,
            clock,
            maxBody,
            faults,
            observers,
            chats::single,
            access.gate().callers()::owner,
            new KnownPeople(access.accounts()),
            vault,
            knowledge.lookup(),
            toolbox,
            approvals,
            estimates);
    Optional<Belongings> belongings =
        vault.map(v -> State.belongings(v, files.orElseThrow(), clock));
    Map<String, Endpoint> endpoints = new HashMap<>(chats.endpoints());
    endpoints.put("/v1/responses", responses::detached);
    BatchesApi batches =
        new BatchesApi(
            json,
            clock,
            maxBody,
            endpoints,
            access.gate().callers()::owner,
            faults,
            observers,
            openai.problems(),
            vault,
            files);
    Optional<Retention> retention =
        database.map(
            d ->
                new Retention(
                    d.leadership(),
                    List.of(
                        responses.expiry(),
                        chats.expiry(),
                        pageChats.expiry(),
                        batches.expiry(),
                        knowledge.expiry(),
                        files.orElseThrow()),
                    config.keep(),
                    keeping,
                    clock,
                    faults,
                    System.err));
    HardwareApi hardware =
        new HardwareApi(
            json,
            config.sampler(),
            database,
            config.guard(),
            config.doctor(),
            models.metrics()::generatedTokens,
            config.pricePerKwh(),
            clock,
            faults);
    Entrance entrance =
        new Entrance(json, access, vault, config.oidc(), config.airGapped(), clock, System.err);
    HostDesk machine = HostDesk.in(config.machine().orElse(Path.of("")));
    Optional<SetUp> setUp = setUp(config, access, machine, listening.tls(), clock);
    List<Api> described = new ArrayList<>(entrance.apis(openai.problems()));
    described.addAll(
        0,
        List.of(
            openai,
            new AnthropicApi(json, models, clock, maxBody, faults).api(),
            new OllamaApi(json, models, library, clock, maxBody, faults).api(),
            new LlamaApi(json, models, maxBody, faults).api(),
            responses.api(openai.problems()),
            pageChats.api(openai.problems()),
            new ToolsApi(json, toolbox, approvals, new KnownPeople(access.accounts()), clock)
                .api(openai.problems()),
            new FilesApi(json, files).api(openai.problems()),
            batches.api(openai.problems()),
            knowledge.api(openai.problems()),
            new HealthApi(
                    json, models, inFlight, version(), config.airGapped(), access::tellsModels)
                .api(openai.problems()),
            new ManageApi(json, models).api(openai.problems()),
            new KeepApi(json, models, library).api(openai.problems()),
            new RunningApi(json, models).api(openai.problems()),
            new ShelfApi(json, models, library).api(openai.problems()),
            new UsageApi(json, access.usage(), clock).api(openai.problems()),
            new AuditApi(json, database.map(AuditBook::of)).api(openai.problems()),
            new AdminApi(json, access.accounts(), belongings).api(openai.problems()),
            new OwnDataApi(json, access.accounts(), entrance.second(), belongings)
                .api(openai.problems()),
            new BoxApi(json, box(config)).api(openai.problems()),
            new HostApi(json, machine).api(openai.problems()),
            new SetUpApi(json, setUp, entrance.signIn(), machine, config.airGapped())
                .api(openai.problems()),
            hardware.api(openai.problems()),
            new PlanApi(json, config.planning()).api(openai.problems()),
            new ScoutApi(json, config.scouting()).api(openai.problems()),
            new UpdateApi(json, version(), updates(config, machine)).api(openai.problems()),
            new BackupApi(json, config.backup(), clock).api(openai.problems()),
            new MetricsApi(
                    models,
                    library,
                    observers,
                    access.usage().map(its -> new UsagePage(its, config.watching().namesUsers())),
                    config.sampler())
                .api(openai.problems()),
            WebPage.api(openai.problems())));
    List<Api> apis = new ArrayList<>(described);
    apis.add(new DescribeApi(json, described, version(), openai.problems()).api());
    listening
        .tls()
        .filter(tls -> tls.authority().isPresent())
        .ifPresent(tls -> apis.add(TrustPage.api(tls, openai.problems())));
    config.shared().ifPresent(shared -> apis.add(new ShareApi(json, shared).api()));
    try {
      HttpServer http =
          new HttpServer(
              listening,
              config.limits(),
              access.gate(),
              apis,
              inFlight,
              observers,
              audit.map(ServerAudit::trail).orElse(AuditTrail.NONE),
              System.err);
      setUp.ifPresent(its -> its.start(http.port()));
      pageChats.start();
      mcp.start(version(), System.err); // not before it is sure that they will be ended
      return new SoleboxServer(
          http,
          apis,
          responses,
          pageChats,
          mcp,
          batches,
          knowledge,
          hardware,
          retention,
          audit,
          access,
          entrance,
          setUp,
          listening.tls());
    } catch (IOException e) {
      retention.ifPresent(Retention::close);
      responses.close();
      pageChats.close();
      batches.close();
      knowledge.close();
      hardware.close();
      entrance.close();
      audit.ifPresent(ServerAudit::close);
      throw cannotListen(config.host(), config.port(), e);
    }
  }

  private static Optional<SetUp> setUp(
      ServerConfig config, Access access, HostDesk machine, Optional<Tls> tls, Clock clock) {
    if (!config.appliance()) {
      return Optional.empty();
    }
    Map<String, Object> shown = new HashMap<>();
    shown.put("tls", tls.isPresent());
    tls.map(its -> its.authority().orElseGet(its::certificate))
        .ifPresent(certificate -> shown.put("fingerprint", Fingerprint.of(certificate)));
    Path folder = config.stateFile().orElseThrow().toAbsolutePath().getParent();
    return Optional.of(
        new SetUp(access.accounts().orElseThrow(), machine, folder, shown, clock, System.err));
  }

  /** Before the database is opened, which may give it a form that nobody else opens. */
  private static void settleTrial(ServerConfig config) {
    if (config.machine().isEmpty() || config.stateFile().isEmpty()) {
      return;
    }
    Optional<Map<?, ?>> slots = Optional.empty();
    try {
      slots = HostDesk.in(config.machine().get()).machine().flatMap(TrialState::slots);
    } catch (SoleboxException e) {
      System.err.println("note: " + e.explanation()); // the next request of the page tells it, too
    }
    slots.ifPresent(
        each ->
            new TrialState(config.stateFile().get()).settle(each, version(), System.err::println));
  }

  private static Optional<UpdateApi.Place> updates(ServerConfig config, HostDesk machine) {
    return config
        .machine()
        .flatMap(
            folder ->
                config
                    .updates()
                    .map(its -> new UpdateApi.Place(its, new UpdateFolder(folder), machine)));
  }

  private static BoxApi.Box box(ServerConfig config) {
    return new BoxApi.Box(
        version(),
        config.airGapped(),
        config.prover(),
        ServerSettings.of(config),
        config.stateFile().map(file -> file.toAbsolutePath().getParent()));
  }

  private static ServerAudit audit(Database database, ServerConfig config, Faults faults) {
    try {
      Path folder = config.stateFile().orElseThrow().toAbsolutePath().getParent();
      return new ServerAudit(
          AuditLog.of(database, folder), ServerSettings.of(config), config.airGapped(), faults);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Optional<Receipts> receipts(
      ServerConfig config, Optional<ModelLibrary> library, Clock clock) {
    var files = new FileDigests(file -> library.flatMap(its -> its.digest(file)), clock);
    return config
        .stateFile()
        .map(
            state ->
                new Receipts(() -> BoxKey.in(state.toAbsolutePath().getParent()), files, clock));
  }

  private static Observers observers(Watching watching, JsonWriter json) {
    Observers counting = new Observers();
    Observers logging =
        watching
            .accessLog()
            .map(sink -> counting.withAccessLog(json, sink, System.err))
            .orElse(counting);
    return watching
        .traces()
        .map(sink -> logging.withTraces(json, sink, version(), System.err))
        .orElse(logging);
  }

  /** That the build wrote into the module's descriptor. */
  static String version() {
    return Optional.ofNullable(SoleboxServer.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("development");
  }

  private static InetAddress resolve(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "host",
          "'" + host + "' is unknown.",
          "Give an address of this machine, as 127.0.0.1, or 0.0.0.0 for all of them.",
          e);
    }
  }

  private static SoleboxException cannotListen(String host, int port, IOException cause) {
    Throwable reason = cause.getCause() == null ? cause : cause.getCause();
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        host + ":" + port,
        "The server cannot listen here: " + reason.getMessage() + ".",
        "Choose another --port, or stop what uses this one.",
        cause);
  }

  /**
   * What has happened since the start, by name, as in {@code answers_2xx}, and what is open now.
   */
  public Map<String, Long> counters() {
    return http.counters();
  }

  /** Everything that it answers. */
  List<Api> apis() {
    return apis;
  }

  /**
   * A code with which the first account is made; one from before opens nothing any more.
   *
   * @return empty where somebody has an account, or nobody is to have one
   */
  public Optional<MadeCode> setUpCode() {
    return access
        .accounts()
        .filter(_ -> access.required() && setUp.isEmpty()) // whose screen has a code of its own
        .flatMap(accounts -> accounts.invitations().setUpCode(Entry.SERVER));
  }

  /** Whether it is an appliance that nobody has set up yet. */
  public boolean awaitsSetUp() {
    return setUp.filter(SetUp::isOpen).isPresent();
  }

  /** The port it listens on. */
  public int port() {
    return http.port();
  }

  /** What it shows to clients; empty where it speaks without encryption. */
  public Optional<Tls> tls() {
    return tls;
  }

  /**
   * Prepares the end: new requests get 503, running answers go on for at most {@code limit} and
   * then break off with an error.
   */
  public void drain(Duration limit) throws InterruptedException {
    http.drain(limit);
  }

  /**
   * Writes to the audit log what the server has done by itself; nothing where it keeps nothing.
   *
   * @param action dotted words, as in {@code model.cleanup}
   * @param subject to what, by its name
   * @throws SoleboxException {@code IO_ERROR}
   */
  public void tell(String action, String subject, Map<String, String> details) {
    audit.ifPresent(its -> its.tell(action, subject, details));
  }

  /** Breaks off what still runs and stops listening. */
  @Override
  public void close() {
    try {
      http.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    retention.ifPresent(Retention::close);
    responses.close();
    pageChats.close();
    mcp.close();
    batches.close();
    knowledge.close();
    hardware.close();
    setUp.ifPresent(SetUp::close);
    entrance.close();
    audit.ifPresent(ServerAudit::close);
    access.close();
    tls.ifPresent(Tls::close);
  }
}
