package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Optional;

/**
 * A graph made ready to run on one device; owns the device's weights, KV pool and scratch. Used by
 * one engine loop; not thread-safe.
 */
public interface Plan extends KeptMemory, AutoCloseable {
  /** Per group of the graph the blocks of its pool; block ids run from 0 to this, exclusive. */
  List<Integer> kvBlocks();

  /**
   * Places for recurrent state, one for each sequence of the largest step and any number more; 0
   * where the graph has none.
   */
  int slots();

  /**
   * Overwrites one place for recurrent state with what another holds, before the next step: all
   * that a sequence keeps there, at the position to which it was computed.
   *
   * @throws io.solebox.engine.error.SoleboxException as {@link #run}
   */
  void copySlot(int from, int to);

  /** What a person who loads this should know, as that the wait was for a compiler. */
  default List<String> notes() {
    return List.of();
  }

  /** Empty for a plan that neither compiles nor uploads. */
  default Optional<LoadReport> loadReport() {
    return Optional.empty();
  }

  /**
   * Runs one step: all tokens of the batch, one call. Returns when the outputs are filled.
   *
   * <p>A device that loses its context reports it here, with a {@link
   * io.solebox.engine.error.SoleboxException} of code {@code DEVICE_UNAVAILABLE}; the KV pool's
   * content is gone then.
   */
  void run(Batch batch, Outputs outputs);

  /**
   * A place where this plan takes hidden states that {@code before} leaves there, nearer to both
   * than host memory is. What is to be known of the way is among the {@link #notes} from then on.
   *
   * @param before the plan of the stage before this one
   * @param tokens T of the largest step
   * @return closed before both plans are; empty where both know of host memory alone
   */
  default Optional<HiddenPlace> placeFrom(Plan before, int tokens) {
    return Optional.empty();
  }

  /**
   * Steps that may be under way at once: more than one where several devices compute a step one
   * after the other.
   */
  default int inFlight() {
    return 1;
  }

  /**
   * In how many steps under way the next ids of so many sequences are computed soonest, as far as
   * that is known: in one, all read the weights together; in several, no device waits for others.
   */
  default int decodeSteps(int sequences) {
    return 1;
  }

  /**
   * Begins a step, as {@link #run} does, and need not wait for its end. All that was begun comes to
   * the same as one step after the other, if, until this one has ended, no other has a sequence of
   * it, and nobody copies, reads or writes places that it writes.
   *
   * @param batch unchanged, with all that it refers to, until the step has ended
   * @param outputs of no other step until then; other threads may fill them
   * @return ends when the outputs are filled, or fails with what {@link #run} throws, and with it
   *     all that had not ended yet
   * @throws IllegalStateException where more would be under way than {@link #inFlight}
   */
  default Underway begin(Batch batch, Outputs outputs) {
    run(batch, outputs);
    return Underway.ENDED;
  }

  /**
   * Why no step will run any more; empty while a step that failed can be followed by a good one.
   * Asked after a step has failed, this may set a device up anew.
   */
  default Optional<SoleboxException> loss() {
    return Optional.empty();
  }

  /**
   * Runs a step again and again, and parts of it alone, to see where its time goes. What the
   * sequences of the batch keep is of no use afterwards.
   *
   * @param batch one token of one sequence
   * @return empty for a plan that cannot tell
   */
  default Optional<StepProfile> profile(Batch batch, Outputs outputs) {
    return Optional.empty();
  }

  /**
   * What matrices were multiplied with so far, in the order of the graph; empty unless that is
   * {@link io.solebox.engine.graph.Graph#watched}. Rows that nobody asked for are not multiplied
   * with the matrix of logits.
   */
  default List<InputSquares> inputSquares() {
    return List.of();
  }

  @Override
  void close();
}
