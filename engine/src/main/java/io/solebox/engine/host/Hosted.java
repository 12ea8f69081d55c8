package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.Optional;

/** A model of a host, loaded or not. Guarded by the host's monitor. */
final class Hosted {
  private final String name;
  private final KeepAlive usual;
  private ModelState state = new ModelState.Absent();
  private LoadHistory history = LoadHistory.NONE;
  private KeepAlive keepAlive;
  private boolean mayEvict;
  private boolean pinned;
  private boolean leaving;
  private boolean dismissed;
  private boolean closing;
  private int stops;
  private int waiting;
  private long lastUse;
  private long idleSince;
  private long loadSince;

  /**
   * @param usual how long it stays until somebody says otherwise
   */
  Hosted(String name, KeepAlive usual) {
    this.name = name;
    this.usual = usual;
    this.keepAlive = usual;
  }

  String name() {
    return name;
  }

  ModelState state() {
    return state;
  }

  LoadHistory history() {
    return history;
  }

  /** It waits for its turn to be loaded. */
  void queued() {
    state = new ModelState.Loading("waiting", 0);
  }

  /** Its turn has come. */
  void begun() {
    loadSince = System.nanoTime();
  }

  /** Somebody waits for it, so idle models may have to leave for it. */
  void wanted() {
    mayEvict = true;
  }

  boolean mayEvict() {
    return mayEvict;
  }

  void loading(String stage, double fraction) {
    state = new ModelState.Loading(stage, fraction);
  }

  /** It is there; to leave at once where somebody wants it away and the load could not stop. */
  void ready(LoadedModel model, long now) {
    state = new ModelState.Ready(model, 0);
    history = history.loaded(System.nanoTime() - loadSince);
    keepAlive = usual;
    mayEvict = false;
    leaving = dismissed;
    stops += dismissed ? 1 : 0;
    lastUse = now;
    idleSince = System.nanoTime();
  }

  void failed(SoleboxException error) {
    state = new ModelState.Failed(error);
    history = history.failed();
    mayEvict = false;
    dismissed = false;
  }

  /** It has left, or begins to. */
  void absent() {
    if (state instanceof ModelState.Ready) {
      history = history.unloaded();
    }
    state = new ModelState.Absent();
    mayEvict = false;
    leaving = false;
    dismissed = false;
  }

  /** Its load was given up because somebody wants it away; who waits for it must hear so. */
  void stopped() {
    stops++;
    absent();
  }

  /** Grows with every load that was given up. */
  int stops() {
    return stops;
  }

  /** One more or one less uses it. */
  void leased(ModelState.Ready ready, int more, long now) {
    state = new ModelState.Ready(ready.model(), ready.leases() + more);
    lastUse = now;
    idleSince = System.nanoTime();
  }

  void keepAlive(KeepAlive time) {
    keepAlive = time;
  }

  void pin() {
    pinned = true;
  }

  boolean isPinned() {
    return pinned;
  }

  /** Whether it may leave for another, once nobody uses it. */
  boolean mayLeave() {
    return (!pinned || leaving) && state instanceof ModelState.Ready;
  }

  /** One more or one less waits until it can be used. */
  void awaited(int more) {
    waiting += more;
  }

  /** Whether it is there and those who waited for it have not all come to take it yet. */
  boolean isAwaited() {
    return waiting > 0 && !leaving && state instanceof ModelState.Ready;
  }

  /** Another needs its memory: whoever uses it may end, but nobody begins. */
  void leave() {
    leaving = true;
  }

  /** The other does not need it any more. */
  void stay() {
    leaving = dismissed;
  }

  boolean isLeaving() {
    return leaving;
  }

  /** Somebody wants it away: a load is given up, and a model leaves when its answers have ended. */
  void dismiss() {
    dismissed = true;
    leaving = state instanceof ModelState.Ready;
  }

  boolean isDismissed() {
    return dismissed;
  }

  /** Whether it has left and still has its memory. */
  boolean isClosing() {
    return closing;
  }

  void closing(boolean value) {
    closing = value;
  }

  boolean isInUse() {
    return state instanceof ModelState.Ready(_, int leases) && leases > 0;
  }

  /** How long it stays from now on if nobody uses it; empty where there is no end. */
  Optional<Duration> remaining() {
    if (!(state instanceof ModelState.Ready) || pinned) {
      return Optional.empty();
    }
    return switch (keepAlive) {
      case KeepAlive.WhileThereIsRoom _ -> Optional.empty();
      case KeepAlive.Idle(Duration time) -> {
        Duration idle = Duration.ofNanos(isInUse() ? 0 : System.nanoTime() - idleSince);
        Duration left = time.minus(idle);
        yield Optional.of(left.isNegative() ? Duration.ZERO : left);
      }
    };
  }

  /** When it will be unloaded if nothing happens; empty where only a change can bring that on. */
  Optional<Duration> timer() {
    return isInUse() || waiting > 0 ? Optional.empty() : remaining();
  }

  /** Whether it is to be unloaded now, and can be. */
  boolean isDue() {
    if (!(state instanceof ModelState.Ready) || isInUse()) {
      return false;
    }
    return dismissed || timer().filter(Duration::isZero).isPresent();
  }

  /** Grows with every use, over all models of the host. */
  long lastUse() {
    return lastUse;
  }
}
