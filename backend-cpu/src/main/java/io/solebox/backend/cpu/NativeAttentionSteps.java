package io.solebox.backend.cpu;

import io.solebox.backend.cpu.nativelib.AttentionBindings;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import java.util.Optional;

/** Attention in C. */
final class NativeAttentionSteps {
  private NativeAttentionSteps() {}

  /**
   * A unit is a token.
   *
   * @param op address of {@link AttentionBindings#op}
   * @param v absent where values are a part of the keys
   */
  record Store(
      AttentionBindings library, long op, Buffer k, Optional<Buffer> v, Buffer cache, int group)
      implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      Batch batch = frame.batch();
      int position = batch.positions()[t];
      int block = batch.sequence(t).blocksOfGroup()[group][position / KvBlocks.TOKENS];
      int slot = position % KvBlocks.TOKENS;
      long to = cache.address(block);
      long values = v.isPresent() ? v.get().address(t) : 0;
      library.storeKv(op, to, slot, 1, k.address(t), values);
    }
  }

  /**
   * A unit is a key/value head of a part.
   *
   * @param op address of {@link AttentionBindings#op}
   * @param scratch per worker the address of its memory
   */
  record Attend(
      AttentionBindings library,
      long op,
      int group,
      Buffer q,
      Buffer cache,
      Buffer out,
      AttentionTiles tiles,
      NativeBlockTables tables,
      long[] scratch)
      implements Step {
    @Override
    public String kind() {
      return "attention";
    }

    @Override
    public int units(Frame frame) {
      return tiles.parts().size() * tiles.shape().numKvHeads();
    }

    @Override
    public void run(int unit, Frame frame, int worker) {
      int heads = tiles.shape().numKvHeads();
      // Late tokens see the most positions, so they go first.
      int part = tiles.parts().size() - 1 - unit / heads;
      switch (tiles.parts().get(part)) {
        case AttentionTiles.Part.Whole(var tile) -> attend(tile, unit % heads, frame, worker);
        case AttentionTiles.Part.Splits splits -> attend(splits, unit % heads, frame, worker);
      }
    }

    private void attend(AttentionTiles.Tile tile, int head, Frame frame, int worker) {
      Batch batch = frame.batch();
      int t = tile.token();
      library.attend(
          op,
          cache.address(),
          tables.address(group, batch.sequenceOf()[t]),
          batch.positions()[t],
          tile.tokens(),
          frame.sequenceEnd(t),
          head,
          q.address(t),
          out.address(t),
          scratch[worker]);
    }

    private void attend(AttentionTiles.Part.Splits part, int head, Frame frame, int worker) {
      Batch batch = frame.batch();
      AttentionTiles.Tile tile = part.tile();
      AttentionTiles.Partials partials = part.partials();
      int t = tile.token();
      int position = batch.positions()[t];
      long first = partials.at() + head * tile.splits() * partials.splitBytes();
      library.attendSplits(
          op,
          cache.address(),
          tables.address(group, batch.sequenceOf()[t]),
          position,
          tile.tokens(),
          frame.sequenceEnd(t),
          head,
          q.address(t),
          part.from(),
          part.to(),
          first + (part.from() - tile.firstSplit()) * partials.splitBytes(),
          scratch[worker]);
      if (partials.pending().decrementAndGet(head) == 0) {
        // For the next op of this step, which begins when this one is done.
        partials.pending().set(head, partials.parts());
        library.mergeSplits(
            op,
            position,
            tile.tokens(),
            frame.sequenceEnd(t),
            head,
            first,
            out.address(t),
            scratch[worker]);
      }
    }
  }
}
