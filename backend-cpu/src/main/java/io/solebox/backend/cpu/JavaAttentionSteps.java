package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import java.util.Optional;

/** Attention in Java. */
final class JavaAttentionSteps {
  private JavaAttentionSteps() {}

  /**
   * @param v absent where values are a part of the keys
   */
  record Store(Buffer k, Optional<Buffer> v, Buffer cache, int group, KvLayout layout)
      implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      Batch batch = frame.batch();
      int position = batch.positions()[t];
      int block = batch.sequence(t).blocksOfGroup()[group][position / KvBlocks.TOKENS];
      int slot = position % KvBlocks.TOKENS;
      for (int head = 0; head < layout.numKvHeads(); head++) {
        long key = k.at(t) + 4L * head * layout.keyDim();
        layout.storeKey(cache.data(), block, head, slot, k.data(), key);
        if (v.isPresent()) {
          long value = v.get().at(t) + 4L * head * layout.valueDim();
          layout.storeValue(cache.data(), block, head, slot, v.get().data(), value);
        }
      }
    }
  }

  /** A unit is a key/value head of a group of tokens. */
  record Attend(
      Buffer q,
      Buffer cache,
      Buffer out,
      int group,
      int numKvHeads,
      AttentionKernel kernel,
      AttentionKernel.Scratch[] scratch,
      WarmUp warmUp)
      implements Step {
    @Override
    public String kind() {
      return "attention";
    }

    @Override
    public int units(Frame frame) {
      return frame.groups() * numKvHeads;
    }

    @Override
    public void run(int unit, Frame frame, int worker) {
      // Late groups see the most positions, so they go first.
      int tokens = frame.groups() - 1 - unit / numKvHeads;
      int head = unit % numKvHeads;
      int t = frame.groupStart(tokens);
      Batch batch = frame.batch();
      kernel.run(
          cache.data(),
          batch.sequence(t).blocksOfGroup()[group],
          batch.positions()[t],
          frame.groupTokens(tokens),
          frame.sequenceEnd(t),
          head,
          q.data(),
          out.data(),
          q.at(t),
          out.at(t),
          scratch[worker],
          warmUp.plain());
    }
  }
}
