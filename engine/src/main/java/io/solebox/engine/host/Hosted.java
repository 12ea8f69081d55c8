package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;

/** A model of a host, loaded or not. Guarded by the host's monitor. */
final class Hosted {
  private final String name;
  private ModelState state = new ModelState.Absent();
  private boolean mayEvict;
  private boolean pinned;
  private boolean leaving;
  private int waiting;
  private long lastUse;

  Hosted(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  ModelState state() {
    return state;
  }

  /** It waits for its turn to be loaded. */
  void queued() {
    state = new ModelState.Loading("waiting", 0);
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

  void ready(LoadedModel model, long now) {
    state = new ModelState.Ready(model, 0);
    mayEvict = false;
    leaving = false;
    lastUse = now;
  }

  void failed(SoleboxException error) {
    state = new ModelState.Failed(error);
    mayEvict = false;
  }

  void absent() {
    state = new ModelState.Absent();
    mayEvict = false;
  }

  /** One more or one less uses it. */
  void leased(ModelState.Ready ready, int more, long now) {
    state = new ModelState.Ready(ready.model(), ready.leases() + more);
    lastUse = now;
  }

  void pin() {
    pinned = true;
  }

  /** Whether it may leave for another, once nobody uses it. */
  boolean mayLeave() {
    return !pinned && state instanceof ModelState.Ready;
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

  boolean isLeaving() {
    return leaving;
  }

  boolean isInUse() {
    return state instanceof ModelState.Ready(_, int leases) && leases > 0;
  }

  /** Grows with every use, over all models of the host. */
  long lastUse() {
    return lastUse;
  }
}
