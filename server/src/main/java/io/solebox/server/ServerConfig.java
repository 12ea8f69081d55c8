package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.UserWeights;
import io.solebox.engine.spill.FileSeal;
import io.solebox.hardware.box.MachineBox;
import io.solebox.hardware.doctor.Doctor;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.check.Checks;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.server.accounts.oidc.OidcSettings;
import io.solebox.server.backup.BoxBackup;
import io.solebox.server.box.GapProver;
import io.solebox.server.documents.DocumentReader;
import io.solebox.server.documents.Documents;
import io.solebox.server.http.HttpLimits;
import io.solebox.server.http.Proxies;
import io.solebox.server.knowledge.watch.WatchedFolder;
import io.solebox.server.library.MemoryReads;
import io.solebox.server.limits.Limits;
import io.solebox.server.plan.Planning;
import io.solebox.server.scout.Scouting;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.share.SharedModels;
import io.solebox.server.tls.TlsConfig;
import io.solebox.server.tools.mcp.McpSettings;
import io.solebox.server.update.Updating;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where the server listens, whom it lets in, and by which names models can be asked for.
 *
 * @param host name or address to listen on; beyond loopback it takes {@code apiKeys}
 * @param port 0 takes a free one
 * @param apiKeys who may use it; empty lets everybody on this machine in
 * @param accounts whether people have accounts, although nobody may have one yet; where somebody
 *     has one, they count in any case
 * @param usual what each key may use that has no limits of its own, or without keys all requests
 *     together
 * @param allowedHosts further names by which clients may call this server (a proxy's, a tunnel's),
 *     without port
 * @param allowedOrigins whose pages may use it, as browsers write origins; {@code *} for all, which
 *     takes {@code apiKeys}
 * @param aliases further names of models, and the names that they stand for
 * @param anyName whether the only model there is answers to every name
 * @param maxWaiting answers that may wait for a model
 * @param loadWait how long a request waits for its model to be loaded
 * @param stateFile what the server remembers; empty where it is to keep nothing
 * @param passphrase asked where the state is locked with one
 * @param keep how long things are kept there; empty where they stay until they are deleted
 * @param shared the models that other machines may fetch; empty where none are
 * @param tls empty where it speaks without encryption
 * @param proxies whom it believes who calls
 * @param plainHttp whether people with accounts may come from other machines in the clear
 * @param airGapped whether the kernel keeps this process from reaching others, which clients hear
 * @param prover what proves that it can; empty where nobody has brought it
 * @param documents reads the documents that people bring
 * @param oidc who signs people in elsewhere; empty where nobody does
 * @param limits of connections and requests
 * @param watching who is told of requests
 * @param watched folders of documents that can be asked
 * @param mcp servers of tools that run with this one
 * @param memorySpeed how fast the models' device reads, where that is known
 * @param guard says what the hardware may do
 * @param doctor examines the machine
 * @param planning says what models would need; empty where nobody has brought it
 * @param scouting what the scout keeps; empty where nobody has brought it
 * @param updates says what an update of the machine is worth; empty where nobody has brought it
 * @param backup writes and reads backups of the whole box; empty where nobody has brought it
 * @param sampler measures the machine, and stays its owner's; empty where nobody does
 * @param pricePerKwh what energy costs, in whatever currency; empty where nobody has said it
 * @param machine the data folder, in which requests to the machine's root are left; empty where
 *     none are
 * @param appliance whether the first steps are done in a browser by whoever reads the screen
 * @param weights of users, once a server runs with this
 * @param seal of saved prefixes, likewise
 */
public record ServerConfig(
    String host,
    int port,
    Optional<ApiKeys> apiKeys,
    boolean accounts,
    Limits usual,
    List<String> allowedHosts,
    List<String> allowedOrigins,
    Map<String, String> aliases,
    boolean anyName,
    int maxWaiting,
    Duration loadWait,
    Optional<Path> stateFile,
    Passphrase.Source passphrase,
    Optional<Duration> keep,
    Optional<SharedModels> shared,
    Optional<TlsConfig> tls,
    Proxies proxies,
    boolean plainHttp,
    boolean airGapped,
    Optional<GapProver> prover,
    DocumentReader documents,
    Optional<OidcSettings> oidc,
    HttpLimits limits,
    Watching watching,
    List<WatchedFolder> watched,
    McpSettings mcp,
    MemoryReads memorySpeed,
    Supplier<Ruling> guard,
    Supplier<List<Finding>> doctor,
    Optional<Planning> planning,
    Optional<Scouting> scouting,
    Optional<Updating> updates,
    Optional<BoxBackup> backup,
    Optional<Sampler> sampler,
    OptionalDouble pricePerKwh,
    Optional<Path> machine,
    boolean appliance,
    LateWeights weights,
    LateSeal seal) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;
  public static final int DEFAULT_MAX_WAITING = 256;
  public static final Duration DEFAULT_LOAD_WAIT = Duration.ofMinutes(1);

  public ServerConfig {
    if (port < 0 || port > 65535) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "port",
          "is " + port + ", but must be 0 to 65535.",
          "Choose another; 0 takes a free one.");
    }
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
    aliases = Map.copyOf(aliases);
  }

  /** 127.0.0.1:8080 without keys; keeps nothing. */
  public static ServerConfig defaults() {
    return new ServerConfig(
        DEFAULT_HOST,
        DEFAULT_PORT,
        Optional.empty(),
        false,
        Limits.NONE,
        List.of(),
        List.of(),
        Map.of(),
        false,
        DEFAULT_MAX_WAITING,
        DEFAULT_LOAD_WAIT,
        Optional.empty(),
        Passphrase.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Proxies.NONE,
        false,
        false,
        Optional.empty(),
        Documents.plainOnly(),
        Optional.empty(),
        HttpLimits.defaults(),
        Watching.NOBODY,
        List.of(),
        McpSettings.NONE,
        OptionalDouble::empty,
        () -> Ruling.NOTHING,
        () -> new Doctor(Checks.all()).examine(MachineBox.here()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        false,
        new LateWeights(),
        new LateSeal());
  }

  public ServerConfig withHost(String value) {
    return with(next -> next.host = value);
  }

  public ServerConfig withPort(int value) {
    return with(next -> next.port = value);
  }

  /**
   * Lets those in who have a key.
   *
   * @param file one key of at least {@value ApiKeys#MIN_LENGTH} characters a line, with what it may
   *     do; {@code #} for comments
   * @throws SoleboxException if the file is bad
   */
  public ServerConfig withApiKeyFile(Path file) {
    return with(next -> next.apiKeys = Optional.of(ApiKeys.read(file)));
  }

  /** Lets those in who have an account; the first gets one with a code that the server shows. */
  public ServerConfig withAccounts() {
    return with(next -> next.accounts = true);
  }

  /**
   * Bounds what each key may use that has no limits of its own, or without keys all requests
   * together.
   *
   * @param words as in {@code rpm=60 concurrent=4 tpm=20000 tpd=1000000}
   * @throws SoleboxException if one is no limit
   */
  public ServerConfig withUsualLimits(String words) {
    Limits limits = Limits.parse(List.of(words.strip().split("[\\s,]+")), "--limits");
    return with(next -> next.usual = limits);
  }

  /** How much of a model each user is due, as requests will name them. */
  public UserWeights userWeights() {
    return weights.or(weightsOfKeys());
  }

  /**
   * Of saved prefixes; of a server that keeps nothing there is no key, and they are as they are.
   */
  public FileSeal prefixSeal() {
    return stateFile.isPresent() ? seal : FileSeal.NONE;
  }

  UserWeights weightsOfKeys() {
    return apiKeys.map(keys -> keys.weights(usual)).orElse(UserWeights.EQUAL);
  }

  public ServerConfig withAllowedHosts(List<String> names) {
    return with(next -> next.allowedHosts = names);
  }

  public ServerConfig withAllowedOrigins(List<String> origins) {
    return with(next -> next.allowedOrigins = origins);
  }

  public ServerConfig withNames(Map<String, String> furtherNames, boolean any) {
    return with(
        next -> {
          next.aliases = furtherNames;
          next.anyName = any;
        });
  }

  public ServerConfig withMaxWaiting(int value) {
    return with(next -> next.maxWaiting = value);
  }

  public ServerConfig withLoadWait(Duration value) {
    return with(next -> next.loadWait = value);
  }

  public ServerConfig withStateFile(Path file) {
    return with(next -> next.stateFile = Optional.of(file));
  }

  /** Asks for the passphrase of the state where one was set. */
  public ServerConfig withPassphrase(Passphrase.Source source) {
    return with(next -> next.passphrase = source);
  }

  /** Deletes what was kept for so long. */
  public ServerConfig withKeep(Duration time) {
    return with(next -> next.keep = Optional.of(time));
  }

  /** Lets other machines fetch models. */
  public ServerConfig withShared(SharedModels value) {
    return with(next -> next.shared = Optional.of(value));
  }

  public ServerConfig withTls(TlsConfig value) {
    return with(next -> next.tls = Optional.of(value));
  }

  /**
   * Believes programs in front of it who calls.
   *
   * @param networks each as in {@code 192.168.1.5} or {@code fd00::/8}
   * @throws SoleboxException if one is none
   */
  public ServerConfig withProxies(List<String> networks) {
    Proxies value = Proxies.of(networks);
    return with(next -> next.proxies = value);
  }

  /** Lets people with accounts come in the clear from other machines; not with passwords. */
  public ServerConfig withPlainHttp() {
    return with(next -> next.plainHttp = true);
  }

  /** Lets people sign in at an issuer. */
  public ServerConfig withOidc(OidcSettings value) {
    return with(next -> next.oidc = Optional.of(value));
  }

  ServerConfig withLimits(HttpLimits value) {
    return with(next -> next.limits = value);
  }

  public ServerConfig withAirGapped(boolean value) {
    return with(next -> next.airGapped = value);
  }

  /** Lets administrators have the air gap proved. */
  public ServerConfig withProver(GapProver value) {
    return with(next -> next.prover = Optional.of(value));
  }

  /** Reads documents of other kinds than text, too. */
  public ServerConfig withDocuments(DocumentReader value) {
    return with(next -> next.documents = value);
  }

  /** Lets whoever is let in ask the documents of folders. */
  public ServerConfig withWatched(List<WatchedFolder> value) {
    return with(next -> next.watched = List.copyOf(value));
  }

  /** Starts servers of tools, or speaks with them. */
  public ServerConfig withMcp(McpSettings value) {
    return with(next -> next.mcp = value);
  }

  public ServerConfig withWatching(Watching value) {
    return with(next -> next.watching = value);
  }

  /**
   * What says how fast the models' device reads its memory; pages are told by it what to expect.
   */
  public ServerConfig withMemorySpeed(MemoryReads value) {
    return with(next -> next.memorySpeed = value);
  }

  /** Takes no new work while the hardware must not have any. */
  public ServerConfig withGuard(Supplier<Ruling> value) {
    return with(next -> next.guard = value);
  }

  /** Tells what is wrong with the machine. */
  public ServerConfig withDoctor(Supplier<List<Finding>> value) {
    return with(next -> next.doctor = value);
  }

  /** Tells administrators what models would need and give, here or elsewhere. */
  public ServerConfig withPlanning(Planning value) {
    return with(next -> next.planning = Optional.of(value));
  }

  /** Tells administrators what the scout has found, and leaves it their wishes. */
  public ServerConfig withScouting(Scouting value) {
    return with(next -> next.scouting = Optional.of(value));
  }

  /** Takes updates of the machine, for root to install. */
  public ServerConfig withUpdates(Updating value) {
    return with(next -> next.updates = Optional.of(value));
  }

  /** Lets administrators take the whole box along, and bring another. */
  public ServerConfig withBackup(BoxBackup value) {
    return with(next -> next.backup = Optional.of(value));
  }

  /** Tells what it measures, and keeps it for a week. */
  public ServerConfig withSampler(Sampler value) {
    return with(next -> next.sampler = Optional.of(value));
  }

  /** Tells what a day costs, too. */
  public ServerConfig withPricePerKwh(OptionalDouble value) {
    return with(next -> next.pricePerKwh = value);
  }

  /**
   * Asks the machine's root for what the server may not do.
   *
   * @param dataFolder of Solebox
   */
  public ServerConfig withMachine(Path dataFolder) {
    return with(next -> next.machine = Optional.of(dataFolder));
  }

  /** Lets whoever reads the screen do the first steps in a browser; with accounts. */
  public ServerConfig withSetUp() {
    return with(
        next -> {
          next.appliance = true;
          next.accounts = true;
        });
  }

  private ServerConfig with(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return next.config();
  }

  /** A copy that can be changed. */
  private static final class Next {
    private String host;
    private int port;
    private Optional<ApiKeys> apiKeys;
    private boolean accounts;
    private Limits usual;
    private List<String> allowedHosts;
    private List<String> allowedOrigins;
    private Map<String, String> aliases;
    private boolean anyName;
    private int maxWaiting;
    private Duration loadWait;
    private Optional<Path> stateFile;
    private Passphrase.Source passphrase;
    private Optional<Duration> keep;
    private Optional<SharedModels> shared;
    private Optional<TlsConfig> tls;
    private Proxies proxies;
    private boolean plainHttp;
    private boolean airGapped;
    private Optional<GapProver> prover;
    private DocumentReader documents;
    private Optional<OidcSettings> oidc;
    private HttpLimits limits;
    private Watching watching;
    private List<WatchedFolder> watched;
    private McpSettings mcp;
    private MemoryReads memorySpeed;
    private Supplier<Ruling> guard;
    private Supplier<List<Finding>> doctor;
    private Optional<Planning> planning;
    private Optional<Scouting> scouting;
    private Optional<Updating> updates;
    private Optional<BoxBackup> backup;
    private Optional<Sampler> sampler;
    private OptionalDouble pricePerKwh;
    private Optional<Path> machine;
    private boolean appliance;
    private final LateWeights weights;
    private final LateSeal seal;

    Next(ServerConfig before) {
      host = before.host;
      port = before.port;
      apiKeys = before.apiKeys;
      accounts = before.accounts;
      usual = before.usual;
      allowedHosts = before.allowedHosts;
      allowedOrigins = before.allowedOrigins;
      aliases = before.aliases;
      anyName = before.anyName;
      maxWaiting = before.maxWaiting;
      loadWait = before.loadWait;
      stateFile = before.stateFile;
      passphrase = before.passphrase;
      keep = before.keep;
      shared = before.shared;
      tls = before.tls;
      proxies = before.proxies;
      plainHttp = before.plainHttp;
      airGapped = before.airGapped;
      prover = before.prover;
      documents = before.documents;
      oidc = before.oidc;
      limits = before.limits;
      watching = before.watching;
      watched = before.watched;
      mcp = before.mcp;
      memorySpeed = before.memorySpeed;
      guard = before.guard;
      doctor = before.doctor;
      planning = before.planning;
      scouting = before.scouting;
      updates = before.updates;
      backup = before.backup;
      sampler = before.sampler;
      pricePerKwh = before.pricePerKwh;
      machine = before.machine;
      appliance = before.appliance;
      weights = before.weights;
      seal = before.seal;
    }

    ServerConfig config() {
      return new ServerConfig(
          host,
          port,
          apiKeys,
          accounts,
          usual,
          allowedHosts,
          allowedOrigins,
          aliases,
          anyName,
          maxWaiting,
          loadWait,
          stateFile,
          passphrase,
          keep,
          shared,
          tls,
          proxies,
          plainHttp,
          airGapped,
          prover,
          documents,
          oidc,
          limits,
          watching,
          watched,
          mcp,
          memorySpeed,
          guard,
          doctor,
          planning,
          scouting,
          updates,
          backup,
          sampler,
          pricePerKwh,
          machine,
          appliance,
          weights,
          seal);
    }
  }
}
