package io.solebox.scout.source;

import io.solebox.scout.item.ItemKey;
import java.util.List;

/**
 * How things that were seen before are now.
 *
 * @param found what asking for them came to
 * @param gone those that are no longer for sale; of others than these and those found nothing is
 *     known
 */
public record Refreshed(Found found, List<ItemKey> gone) {
  public Refreshed {
    gone = List.copyOf(gone);
  }
}
