package io.solebox.engine.model.arch;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The tensor that a record component stands for: {@code attn_q}, found as {@code
 * blk.3.attn_q.weight}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Gguf {
  /** Name without the layer's prefix. */
  String value();

  /** Another name, where there is none of the first; empty for none. */
  String or() default "";

  /** What follows the name: {@code weight} or {@code bias}. */
  String suffix() default "weight";
}
