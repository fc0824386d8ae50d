// The pages of the organization start here.
export {};
