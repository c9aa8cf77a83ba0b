/** A vendor that does not exist, under a number that no organisation can have. */
export const DEMO_VENDOR = '23456789';
