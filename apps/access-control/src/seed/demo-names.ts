/** A vendor that does not exist, under a number that no organisation can have. */
export const DEMO_VENDOR = '23456789';

/** The made-up vendor's application, which people log in to. */
export const DEMO_APP = 'd3300000-0000-4000-8000-000000000006';
