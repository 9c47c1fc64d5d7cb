/** Below the options of every command. */
export const EXPLAIN_HINT = 'hbsim explain WORD says what a key, a figure or another word means.'
