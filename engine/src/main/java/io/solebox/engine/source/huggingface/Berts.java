package io.solebox.engine.source.huggingface;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.util.List;

/** Encoders: BERT and RoBERTa, Nomic's, and ModernBERT; they give vectors, or judge a pair. */
final class Berts {
  private static final String LAYER = "encoder.layer.{}.";
  private static final String POOLER = "vectors are made of the last layer itself";
  private static final String GUESSES = "guesses hidden words; vectors are the same without it";

  private Berts() {}

  private static void encoder(Config c, Translation t) {
    t.put("attention.causal", false);
    c.require("is_decoder", false);
    c.require("add_cross_attention", false);
    c.find("position_embedding_type", "type_vocab_size", "classifier_dropout");
    c.find("id2label", "label2id", "problem_type", "num_labels");
    if (Classifiers.isOne(c)) {
      t.put("pooling_type", 4);
    }
  }

  /** BERT; RoBERTa counts positions from behind its padding token. */
  static final class Bert implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("bert", "roberta", "xlm-roberta", "camembert");
    }

    @Override
    public String architecture(Config c) {
      return "bert";
    }

    @Override
    public void translate(Config c, Translation t) {
      c.require("hidden_act", "gelu");
      c.require("position_embedding_type", "absolute");
      encoder(c, t);
      Decoder.read(c).sizes(c, t).layerNorm(c, t);
      boolean roberta = !c.textOr("bert", "model_type").equals("bert");
      int skipped = roberta ? c.countOr(1, "pad_token_id") + 1 : 0;
      t.put("context_length", c.required("max_position_embeddings") - skipped);
      t.module("embeddings.word_embeddings", "token_embd")
          .module(
              "embeddings.position_embeddings",
              "position_embd",
              rows -> rows.part(skipped, rows.size(0) - skipped).widened())
          .vectors("embeddings.LayerNorm", "token_embd_norm")
          .leaveOut("embeddings\\.position_ids", "counts from 0")
          .leaveOut("(cls|lm_head)\\..*", GUESSES);
      types(c, t);
      layers(t);
      classifier(c, t, roberta);
    }

    /**
     * The second of two texts is of another type, which GGUF has no way to say of a token. So a
     * model that judges pairs has each word once of each type, those of the second behind all of
     * the first.
     */
    private static void types(Config c, Translation t) {
      String source = "embeddings.token_type_embeddings";
      if (!Classifiers.isOne(c) || c.countOr(2, "type_vocab_size") < 2) {
        t.module(source, "token_types", Rows::widened);
        return;
      }
      long words = c.required("vocab_size");
      t.module(source, "token_types")
          .join(
              "token_embd.weight",
              "token_types.weight",
              (table, types) -> table.as(words, table.shape().getLast()).plusEach(types.part(0, 2)))
          .general("tokenizer.second_text_offset", new MetadataValue.Whole(ValueType.U32, words));
    }

    private static void layers(Translation t) {
      layer(t, "attention.self.query", "attn_q");
      layer(t, "attention.self.key", "attn_k");
      layer(t, "attention.self.value", "attn_v");
      layer(t, "attention.output.dense", "attn_output");
      layer(t, "intermediate.dense", "ffn_up");
      layer(t, "output.dense", "ffn_down");
      t.vectors(LAYER + "attention.output.LayerNorm", "blk.{}.attn_output_norm")
          .vectors(LAYER + "output.LayerNorm", "blk.{}.layer_output_norm");
    }

    private static void layer(Translation t, String source, String target) {
      t.module(LAYER + source, "blk.{}." + target);
    }

    private static void classifier(Config c, Translation t, boolean roberta) {
      if (roberta && Classifiers.isOne(c)) {
        t.module("classifier.dense", "cls").module("classifier.out_proj", "cls.output");
      } else if (Classifiers.isOne(c)) {
        t.module("pooler.dense", "cls").module("classifier", "cls.output");
        return;
      }
      t.leaveOut("pooler\\..*", POOLER);
    }
  }

  /** Nomic Embed (arXiv:2402.01613), in its own form and in that of transformers. */
  static final class Nomic implements Family {
    private static final String LAYER = "encoder.layers.{}.";

    @Override
    public List<String> modelTypes() {
      return List.of("nomic_bert");
    }

    @Override
    public String architecture(Config c) {
      return "nomic-bert";
    }

    @Override
    public void translate(Config c, Translation t) {
      encoder(c, t);
      c.require("activation_function", "swiglu");
      c.require("hidden_act", "silu");
      c.require("prenorm", false);
      c.require("parallel_block", false);
      c.require("use_rms_norm", false);
      c.require("rotary_emb_interleaved", false);
      c.require("rotary_emb_fraction", 1.0);
      c.require("causal", false);
      c.require("scale_attn_weights", true);
      c.require("scale_attn_by_inverse_layer_idx", false);
      c.require("rotary_scaling_factor", 1L);
      c.find("qkv_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias", "rotary_emb_scale_base");
      c.find("n_positions", "max_trained_positions", "layer_norm_eps", "dense_seq_output");
      c.find("fused_bias_fc", "fused_dropout_add_ln", "use_flash_attn", "use_xentropy", "n_inner");
      c.find(
          "pad_vocab_size_multiple", "last_layer_subset", "reorder_and_upcast_attn", "emb_pdrop");
      c.find("parallel_block_tied_norm"); // of blocks that are parallel
      Decoder d = Decoder.read(c).sizes(c, t).layerNorm(c, t);
      t.put("context_length", c.countOr(2048, "max_trained_positions", "n_positions"));
      RopeFields rope = new RopeFields(c);
      rope.write(t, d.headDim(), 1000);
      t.module("embeddings.word_embeddings", "token_embd")
          .module("embeddings.token_type_embeddings", "token_types", Rows::widened)
          .vectors("emb_ln", "token_embd_norm")
          .leaveOut("(cls|pooler)\\..*", GUESSES)
          .vectors(LAYER + "norm1", "blk.{}.attn_output_norm")
          .vectors(LAYER + "norm2", "blk.{}.layer_output_norm")
          .module(LAYER + "attn.Wqkv", "blk.{}.attn_qkv")
          .module(LAYER + "attn.out_proj", "blk.{}.attn_output")
          .module(LAYER + "mlp.fc11", "blk.{}.ffn_up")
          .module(LAYER + "mlp.fc12", "blk.{}.ffn_gate")
          .module(LAYER + "mlp.fc2", "blk.{}.ffn_down");
    }
  }

  /** ModernBERT (arXiv:2412.13663): two of three layers see a window around each token. */
  static final class Modern implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("modernbert");
    }

    @Override
    public String architecture(Config c) {
      return "modern-bert";
    }

    @Override
    public void translate(Config c, Translation t) {
      encoder(c, t);
      Decoder d = Decoder.read(c).sizes(c, t).layerNorm(c, t);
      int period = c.countOr(3, "global_attn_every_n_layers");
      boolean[] windows = RopeFields.windows(c.texts("layer_types"));
      for (int l = 0; l < windows.length; l++) {
        if (windows.length != d.layers() || windows[l] == (l % period == 0)) {
          throw c.unsupported("layer_types", "has other layers with a window than are known");
        }
      }
      RopeFields rope = new RopeFields(c);
      rope.stretch(t, d.headDim());
      t.put("attention.sliding_window", c.required("local_attention"))
          .put("attention.sliding_window_pattern", period)
          .put("rope.freq_base", rope.theta(c.numberOr(160_000, "global_rope_theta")))
          .put("rope.freq_base_swa", rope.windowTheta(c.numberOr(10_000, "local_rope_theta")))
          .put("hidden_activation", c.textOr("gelu", "hidden_activation"));
      c.find("sparse_pred_ignore_index", "sparse_prediction", "repad_logits_with_grad");
      c.find("reference_compile", "decoder_bias", "deterministic_flash_attn", "norm_bias");
      t.module("embeddings.tok_embeddings", "token_embd")
          .vectors("embeddings.norm", "token_embd_norm")
          .vectors("final_norm", "output_norm")
          .layer("attn_norm", "attn_norm", Rows::widened)
          .layer("mlp_norm", "ffn_norm", Rows::widened)
          .layer("attn.Wqkv", "attn_qkv")
          .layer("attn.Wo", "attn_output")
          .layer("mlp.Wi", "ffn_up")
          .layer("mlp.Wo", "ffn_down");
      head(c, t);
    }

    private static void head(Config c, Translation t) {
      c.find("classifier_bias");
      if (!Classifiers.isOne(c)) {
        c.find("classifier_activation", "classifier_pooling");
        t.leaveOut("(head|decoder)\\..*", GUESSES);
        return;
      }
      c.require("classifier_activation", "gelu");
      c.require("classifier_pooling", "mean");
      t.module("head.dense", "cls")
          .vectors("head.norm", "cls.norm")
          .module("classifier", "cls.output");
    }
  }
}
