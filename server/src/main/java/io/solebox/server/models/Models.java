package io.solebox.server.models;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.KeepAlive;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.host.Prospect;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelHeader;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Counters;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.http.Rights;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Charge;
import io.solebox.server.limits.Charges;
import io.solebox.server.receipts.Receipts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models of a host as requests see them: found by name, full or not, well or not. */
public final class Models {
  private final ModelHost host;
  private final Optional<ModelLibrary> library;
  private final Optional<Receipts> receipts;
  private final HardwareState hardware;
  private volatile ModelFinder finder;
  private final ModelLoads loads;
  private final Instant since = Instant.now();
  private final WaitingRoom waitingRoom;
  private final ModelStates states = new ModelStates();
  private final AnswerMetrics metrics = new AnswerMetrics();
  private final Charges charges;

  /**
   * @param library of which the host's catalog offers the models, beside others
   * @param loadWait how long a request waits for its model to be loaded
   * @param maxWaiting answers that may wait for a model
   * @param charges what requests use of models
   * @param receipts of their answers; empty where there is nothing to sign with
   * @param hardware that models run on
   */
  public Models(
      ModelHost host,
      ModelNames names,
      Optional<ModelLibrary> library,
      Duration loadWait,
      int maxWaiting,
      Counters counters,
      Charges charges,
      Optional<Receipts> receipts,
      HardwareState hardware) {
    this.hardware = hardware;
    this.receipts = receipts;
    this.host = host;
    this.library = library;
    this.finder = ModelFinder.of(host, names, library);
    this.loads = new ModelLoads(host, loadWait);
    this.waitingRoom = new WaitingRoom(maxWaiting, counters);
    this.charges = charges;
  }

  /**
   * A model that can answer.
   *
   * @param name as answers call it: that of the model, with the adapter's where there is one
   * @param base the model's own
   */
  public record Named(String name, String base, LoadedModel model) {
    /**
     * @throws Problem 400 for a model that makes vectors or scores, and has nothing to answer with
     */
    public void requireAnswers() {
      model
          .info()
          .pooling()
          .ifPresent(
              pooling -> {
                String made = pooling == Pooling.RANK ? "scores texts" : "makes vectors of texts";
                String use = pooling == Pooling.RANK ? "/v1/rerank" : "/v1/embeddings";
                throw Problem.of(
                        400,
                        "unsupported_model",
                        "The model '%s' %s, and gives no answers. Use it with %s."
                            .formatted(name, made, use))
                    .withParam("model");
              });
    }
  }

  /**
   * What a name means.
   *
   * @param adapter that is to be used; empty for the model alone
   */
  public record Found(Status status, Optional<String> adapter) {
    /** As in {@code model:adapter}. */
    public String name() {
      return adapter.map(a -> nameOf(status, a)).orElse(status.name());
    }
  }

  /** By which an adapter of a model is asked for. */
  public static String nameOf(Status model, String adapter) {
    return model.name() + ":" + adapter;
  }

  /**
   * An answer's place among those of a model.
   *
   * @param ahead how many waited before it when it came
   */
  public record Place(int ahead, Registration registration) implements Registration {
    @Override
    public void close() {
      registration.close();
    }
  }

  /** The model that one request uses, which is not unloaded before this is closed. */
  public final class Use implements AutoCloseable {
    private final RequestNotes notes;
    private final Presence client;
    private final Account account;
    private final Rights rights;
    private final Registration admission;
    private LoadListener listener = (_, _, _) -> {};
    private Optional<KeepAlive> keepAlive = Optional.empty();
    private Optional<Named> named = Optional.empty();
    private Optional<Lease> lease = Optional.empty();
    private Optional<MeteredModel> metered = Optional.empty();
    private Optional<Charge> charge = Optional.empty();

    private Use(
        RequestNotes notes,
        Presence client,
        Account account,
        Rights rights,
        Registration admission) {
      this.notes = notes;
      this.client = client;
      this.account = account;
      this.rights = rights;
      this.admission = admission;
    }

    /** Tells how far the model is while the request waits for it. To be called before the next. */
    public void onLoad(LoadListener hears) {
      listener = hears;
    }

    /** How long the model stays when nobody uses it any more, from now on. */
    public void keepAlive(KeepAlive time) {
      keepAlive = Optional.of(time);
      lease.ifPresent(held -> held.keepAlive(time));
    }

    /**
     * That there is a model that a request names, before it is waited for.
     *
     * @throws Problem as {@link #select}, 400 and 404
     */
    public void require(Optional<String> asked, Optional<String> adapter) {
      finder.seenBy(rights).resolve(asked, adapter);
    }

    /**
     * The model that a request names; waits for it while it loads. Without a name, or with an empty
     * one, it is the only one there is. Whoever asks again has the same.
     *
     * @param adapter of the model, where a request names it in a field of its own
     * @throws Problem 400 if one must be named, or two adapters are, 404 if unknown, 503 with
     *     progress if it takes too long to load, or with the reason while the hardware must not
     *     take new work, 500 if it cannot be loaded
     */
    public Named select(Optional<String> asked, Optional<String> adapter)
        throws InterruptedException {
      if (named.isEmpty()) {
        named = Optional.of(selected(asked, adapter));
      }
      return named.get();
    }

    private Named selected(Optional<String> asked, Optional<String> adapter)
        throws InterruptedException {
      Found found = finder.seenBy(rights).resolve(asked, adapter);
      hardware.require();
      String base = found.status().name();
      notes.model(found.name());
      // Who has its model at once need not be watched.
      boolean ready = found.status().state() instanceof ModelState.Ready;
      Lease held = loads.lease(base, listener, ready ? Presence.ALWAYS : client);
      lease = Optional.of(held);
      keepAlive.ifPresent(held::keepAlive);
      LoadedModel model = found.adapter().map(held.model()::with).orElse(held.model());
      Charge its = charges.open(account.holder().payer(), base);
      charge = Optional.of(its);
      MeteredModel counting = new MeteredModel(model, metrics.meter(base, notes, account, its));
      metered = Optional.of(counting);
      return new Named(found.name(), base, counting);
    }

    /**
     * The model that a request names, which hears how long it is to stay, and is not loaded for
     * that.
     *
     * @throws Problem 400 if one must be named, 404 if unknown
     */
    public Found selectAsItIs(Optional<String> asked) {
      Found found = seenBy(rights).find(asked);
      notes.model(found.name());
      keepAlive.ifPresent(time -> host.keepAlive(found.status().name(), time));
      return found;
    }

    @Override
    public void close() {
      metered.ifPresent(MeteredModel::close);
      charge.ifPresent(Charge::close);
      lease.ifPresent(Lease::close);
      admission.close();
    }
  }

  /**
   * For one request, whose notes tell of it, whose caller pays for it, and whose body has been read
   * when it selects.
   *
   * @throws Problem 429 if the caller has used what it may use
   */
  public Use use(Exchange exchange) {
    return new Use(
        exchange.notes(),
        Presence.of(exchange),
        exchange.account(),
        exchange.rights(),
        exchange.admit());
  }

  /**
   * For an answer that goes on when its request is answered: it waits for its model whether or not
   * its client has left.
   *
   * @param notes of the request, that are handed over
   * @throws Problem 429 if the caller has used what it may use
   */
  public Use useBehind(Exchange exchange, RequestNotes notes) {
    return new Use(notes, Presence.ALWAYS, exchange.account(), exchange.rights(), exchange.admit());
  }

  /** For work that belongs to no request that is being answered. */
  public Use use(RequestNotes notes, Caller caller) {
    return new Use(notes, Presence.ALWAYS, caller.account(), caller.rights(), () -> {});
  }

  /** The models as a request's caller may see them; others are not there for it. */
  public Seen seenBy(Exchange exchange) {
    return seenBy(exchange.rights());
  }

  /** The same for administrators, who may see all of them. */
  public Seen seenByAdministrators() {
    return new Seen(finder);
  }

  private Seen seenBy(Rights rights) {
    return new Seen(finder.seenBy(rights));
  }

  /** Models as one caller may see them. */
  public static final class Seen {
    private final ModelFinder finder;

    private Seen(ModelFinder finder) {
      this.finder = finder;
    }

    /**
     * @param name of a model, or of one with an adapter as in {@code model:adapter}
     * @throws Problem 404 with the names that there are
     */
    public Found find(String name) {
      return finder.find(name);
    }

    /**
     * The model that a request names, loaded or not; without a name the only one that there is.
     *
     * @throws Problem 400 if one must be named, 404 with the names that there are
     */
    public Found find(Optional<String> asked) {
      return finder.resolve(asked, Optional.empty());
    }

    /** All of them, in the catalog's order. */
    public List<Status> all() {
      return finder.all();
    }

    /** The first that is loaded, for questions about no model in particular. */
    public Optional<String> usual() {
      return all().stream()
          .filter(status -> status.state() instanceof ModelState.Ready)
          .map(Status::name)
          .findFirst();
    }
  }

  /** What is known of a model that a library keeps; empty of others. */
  public Optional<KeptModel> kept(Status model) {
    return library.filter(its -> its.keeps(model.name())).flatMap(its -> its.find(model.name()));
  }

  /** Makes receipts of their answers; empty where there is nothing to sign with. */
  public Optional<Receipts> receipts() {
    return receipts;
  }

  /** All models, whoever may see them, in the catalog's order; for what is told of the server. */
  public List<Status> everything() {
    return host.status();
  }

  /**
   * Begins to load a model, as a request for it would; returns at once.
   *
   * @throws Problem 500 if it is there and broken, 503 when the server ends, or while the hardware
   *     must not take new work
   */
  public void load(Status model) {
    hardware.require();
    loads.load(model.name());
  }

  /**
   * Unloads a model when its running answers have ended.
   *
   * @param patience how long this waits for that
   * @return whether it is away
   */
  public boolean unload(Status model, Duration patience) throws InterruptedException {
    return loads.unload(model.name(), patience);
  }

  /** What it would take to load a model now; empty where it could not be loaded at all. */
  public Optional<Prospect> prospect(Status model) {
    return host.prospect(model.name());
  }

  /** As {@link ModelHost#header}. */
  public Optional<ModelHeader> header(Status model) {
    return host.header(model.name());
  }

  /** How long a model that is loaded stays when nobody uses it any more, from now on. */
  public void keepAlive(Status model, KeepAlive time) {
    host.keepAlive(model.name(), time);
  }

  /** As {@link ModelHost#awaitChange}. */
  public long awaitChange(long seen, Duration limit) throws InterruptedException {
    return host.awaitChange(seen, limit);
  }

  /** What the answers of each model took. */
  public AnswerMetrics metrics() {
    return metrics;
  }

  /** As {@link ModelHost#memory()}. */
  public List<MemoryLedger> memory() {
    return host.memory();
  }

  /** What they run on. */
  public HardwareState hardware() {
    return hardware;
  }

  /** Since when they are offered. */
  public Instant since() {
    return since;
  }

  /** The further names of a model. */
  public List<String> aliases(String model) {
    return finder.names().aliases().entrySet().stream()
        .filter(alias -> alias.getValue().equals(model))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * From now on a model has a further name.
   *
   * @param model its own name
   */
  public synchronized void alias(String name, String model) {
    finder = ModelFinder.of(host, finder.names().with(name, model), library);
  }

  /** From now on nothing has this further name. */
  public synchronized void removeAlias(String name) {
    finder = ModelFinder.of(host, finder.names().without(name), library);
  }

  /**
   * Counts an answer of a model until the result is closed for the first time.
   *
   * @throws Problem 429 if too many wait for it
   */
  public Place enter(Named named) {
    return waitingRoom.enter(named.base(), named.model());
  }

  /** An answer is complete. */
  public void answered(Named named) {
    states.answered(named.base());
  }

  /** An answer broke off. */
  public void failed(Named named, SoleboxException error) {
    states.failed(named.base(), error);
  }

  /** Why answers of a loaded model fail; empty while all is well. */
  Optional<SoleboxException> trouble(String name, ModelState.Ready ready) {
    return states.trouble(name, ready);
  }

  /** How far a model is, and what is wrong with it, as answers of the API tell it. */
  public Map<String, Object> state(Status status) {
    return states.describe(status);
  }
}
