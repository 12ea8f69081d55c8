package io.solebox.scout.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A service that knows keys: what has one that it had before it does not show again. */
public final class FakeKeyed implements FakeChannels.Service {
  private final Function<FakeChannels.Asked, String> key;
  private final Map<String, Integer> times = new LinkedHashMap<>();
  private final List<FakeChannels.Asked> shown = new ArrayList<>();

  /**
   * @param key of what is asked
   */
  public FakeKeyed(Function<FakeChannels.Asked, String> key) {
    this.key = key;
  }

  @Override
  public Canned answer(FakeChannels.Asked asked) {
    return new Canned(200, Map.of(), "{}", true, true);
  }

  @Override
  public void take(FakeChannels.Asked asked) {
    if (times.merge(key.apply(asked), 1, Integer::sum) == 1) {
      shown.add(asked);
    }
  }

  /** What people see. */
  public List<FakeChannels.Asked> shown() {
    return List.copyOf(shown);
  }

  /** How often what has each key has arrived. */
  public Map<String, Integer> times() {
    return Map.copyOf(times);
  }
}
