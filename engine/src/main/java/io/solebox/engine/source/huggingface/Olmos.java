package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** OLMo 2 and 3 (Ai2), and EXAONE 4 (LG): norms stand behind attention and network. */
final class Olmos {
  private Olmos() {}

  private static Decoder base(Config c, Translation t) {
    Decoder.requireSilu(c);
    Decoder d = Decoder.read(c).keys(c, t).rope(c, t);
    Decoder.ends(t);
    Decoder.attention(t);
    Decoder.qkNorms(t, "q_norm", "k_norm");
    Decoder.glu(t);
    t.layer("post_attention_layernorm", "post_attention_norm", Rows::widened)
        .layer("post_feedforward_layernorm", "post_ffw_norm", Rows::widened);
    return d;
  }

  /** OLMo 2, and OLMo 3 with windows in three of four layers. */
  static final class Olmo implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("olmo2", "olmo3");
    }

    @Override
    public String architecture(Config c) {
      return "olmo2";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      boolean third = c.textOr("", "model_type").equals("olmo3");
      return third ? Map.of("rope_theta", 5e5, "sliding_window", 4096L) : Map.of();
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder d = base(c, t);
      int window = c.countOr(0, "sliding_window");
      if (window == 0) {
        return;
      }
      boolean[] windows = RopeFields.windows(c.texts("layer_types"));
      if (windows.length != d.layers()) {
        throw c.bad("layer_types", "names " + windows.length + " of " + d.layers() + " layers");
      }
      RopeFields rope = new RopeFields(c);
      t.put("attention.sliding_window", window)
          .put("attention.sliding_window_pattern", windows)
          .put("rope.freq_base_swa", rope.windowTheta(rope.theta(10_000)));
    }
  }

  static final class Exaone implements Family {
    /** Layers of the one model that has windows. */
    private static final int LARGE = 64;

    @Override
    public List<String> modelTypes() {
      return List.of("exaone4");
    }

    @Override
    public String architecture(Config c) {
      return "exaone4";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      return Map.of("sliding_window", 4096L);
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder d = base(c, t);
      c.find("sliding_window_pattern");
      int window = c.countOr(0, "sliding_window");
      boolean[] windows = RopeFields.windows(c.texts("layer_types"));
      if (windows.length == 0 && window > 0 && d.layers() != LARGE) {
        throw c.unsupported("sliding_window", "gives a window to a model of few layers");
      }
      for (int l = 0; l < windows.length; l++) {
        if (windows[l] != (d.layers() == LARGE && window > 0 && l % 4 < 3)) {
          throw c.unsupported("layer_types", "has other layers with a window than are known");
        }
      }
      if (window > 0) {
        t.put("attention.sliding_window", window).put("attention.sliding_window_pattern", 4);
      }
    }
  }
}
