package io.solebox.engine.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Consumer;

/**
 * A stage without a model: adds one to a hidden state that begins as the token's id, and the last
 * stage says of each row what it comes to.
 */
final class PretendedStage implements Plan {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final boolean isLast;
  private final Consumer<Batch> before;
  private final Consumer<String> told;

  /**
   * @param before happens at the beginning of each part
   * @param told hears of copies
   */
  PretendedStage(boolean isLast, Consumer<Batch> before, Consumer<String> told) {
    this.isLast = isLast;
    this.before = before;
    this.told = told;
  }

  @Override
  public List<Integer> kvBlocks() {
    return List.of(8);
  }

  @Override
  public int slots() {
    return 4;
  }

  @Override
  public void copySlot(int from, int to) {
    told.accept(from + " to " + to);
  }

  @Override
  public long bytes(KeptPlace place) {
    return 1;
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    to.set(ValueLayout.JAVA_BYTE, 0, (byte) (isLast ? 2 : 1));
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    told.accept("write " + from.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    before.accept(batch);
    for (int t = 0; t < batch.size(); t++) {
      float x =
          switch (batch.input()) {
            case Batch.Input.Tokens _ -> batch.tokens()[t];
            case Batch.Input.Hidden(var hidden) ->
                HiddenPlace.hostRows(hidden).getAtIndex(FLOAT, t);
          };
      if (!isLast) {
        HiddenPlace.hostRows(outputs.stageHidden()).setAtIndex(FLOAT, t, x + 1);
      }
      for (int slot = 0; isLast && slot < batch.rows().size(); slot++) {
        if (batch.rows().get(slot).token() == t) {
          outputs.setCandidate(slot, (int) x + 1, batch.positions()[t]);
        }
      }
    }
  }

  @Override
  public void close() {
    told.accept("closed");
  }
}
